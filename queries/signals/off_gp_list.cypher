// title: Off the GP list
// question: Which children were removed from a practice's list and are on no other since?
// population: children
// signal: G04
// duty: offer
// clears: "A GP list takes the child on, or the reason for leaving turns out to be death or emigration."
// window: days
// parameters:
//   days: {kind: int, default: 28, least: 0, most: 6600, help: "Days without a practice after the latest removal, after which a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of this span without a practice that counts.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the registrations that ended."}
//   band: {kind: text, doc: Age band., hidden: true}
//   left_on: {kind: date, doc: First day off the last list.}
//   practice: {kind: text, doc: The practice that was left.}
//   reason: {kind: text, doc: "Why, as stated."}
//   days: {kind: int, doc: Days since then.}
// sort: [-days, child]
// sentence:
//   - "No registration with a practice since {left_on}, when the one with {practice} ended: {reason}."
//   - "No registration with a practice since {left_on}, when the one with {practice} ended."
// rule_out: ["A move to another country of the United Kingdom, or abroad.", A registration with the next practice under way.]
// check: ["Trace the child in the national patient register.", Tell the health visitor or school nurse., Ask the practice why and where to.]
// needs: {"0-4": [gp_list], "5-15": [gp_list], "16-17": [gp_list]}
// caveats:
//   - A practice outside the lists that are loaded is not known here.
//   - "Removed for death or confirmed emigration (stated in those words) is left out; any other reason counts."
MATCH (c:Person)-[r:REGISTERED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND known(r) AND r.register = 'gp'
WITH c, count(CASE WHEN open(r) THEN 1 END) AS still, max(CASE WHEN ended(r) THEN r.valid_to END) AS left_on,
     max(CASE WHEN ended(r) THEN r.end_known_on END) AS known_on
WHERE still = 0 AND days_between(left_on, $as_at) > $days
MATCH (c)-[e:REGISTERED_WITH]->(g:Agency)
WHERE ended(e) AND e.register = 'gp'
WITH c, left_on, known_on, e, g
WHERE e.valid_to = left_on
  AND NOT lower(trim(coalesce(e.end_reason, ''))) IN ['death', 'dead', 'died', 'deceased', 'embarkation', 'embarked', 'emigration',
                                                      'emigrated', 'confirmed emigration', 'emigration confirmed']
WITH c, left_on, known_on, min(coalesce(g.name, g.id)) AS practice, min(e.end_reason) AS reason, collect(DISTINCT e.row) AS rows
RETURN c.id AS child, CASE WHEN known_on > plus_days(left_on, $days + 1) THEN known_on ELSE plus_days(left_on, $days + 1) END AS since,
       known_on, rows, age_band(c) AS band, left_on, practice, reason, days_between(left_on, $as_at) AS days
