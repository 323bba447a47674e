// title: Never on a GP list
// question: Which children was no practice ever known to have on its list?
// population: children
// signal: G05
// duty: offer
// clears: "Any GP registration."
// window: days
// parameters:
//   days: {kind: int, default: 90, least: 0, most: 6600, help: "Days since birth or since first known, after which a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which this held.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the records by which the child is known."}
//   band: {kind: text, doc: Age band., hidden: true}
//   born_on: {kind: date, doc: "Birth date, where known."}
//   first_known_on: {kind: date, doc: Day any source first knew this child.}
//   days: {kind: int, doc: Days since the later of the two.}
// sort: [-days, child]
// sentence:
//   - "No registration with a practice known; born on {born_on}, first known on {first_known_on}."
//   - "No registration with a practice known; first known on {first_known_on}."
// rule_out: [A new arrival., Military or private general practice., A long stay in a neonatal unit., Two records of one child that nobody has matched.]
// check: [The health visitor or school nurse helps the family to register., See the child.]
// needs: {"0-4": [gp_list], "5-15": [gp_list], "16-17": [gp_list]}
// caveats:
//   - A practice outside the lists that are loaded is not known here.
//   - A registration whose record was not matched to this child looks the same as none.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(:Agency)
WHERE known(r) AND r.register = 'gp'
WITH c, count(r) AS ever
WHERE ever = 0
WITH c, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start
WHERE days_between(start, $as_at) > $days
OPTIONAL MATCH (c)<-[i:IDENTIFIES]-(k:Record)
WHERE known(k)
WITH c, start, collect(DISTINCT i.row) AS rows
WITH c, start, rows, CASE WHEN born(c) > c.first_known_on THEN c.born_known_on ELSE c.child_from END AS known_on
RETURN c.id AS child, CASE WHEN known_on > plus_days(start, $days + 1) THEN known_on ELSE plus_days(start, $days + 1) END AS since,
       known_on, rows, age_band(c) AS band, born(c) AS born_on, c.first_known_on AS first_known_on,
       days_between(start, $as_at) AS days
