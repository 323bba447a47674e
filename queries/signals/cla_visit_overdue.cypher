// title: Looked-after child without a visit
// question: Which looked-after children has no social worker seen in time in their placement?
// population: children
// signal: P03
// duty: hard
// clears: "A social worker sees the child in the placement (level 4 or more), or the care episode ends."
// window: days
// sentence:
//   - "Looked after: no social worker has seen the child since {last_visit}; a visit was due within {allowed} days."
//   - "Looked after, placed on {started}: no social worker has seen the child there; the first visit was due within {allowed} days."
// rule_out: [A visit written up late or made by another council for this one, A placement meant to last to 18 (visits every three months), The child came home and the end is not in the extract]
// check: [Ask the allocated worker and the placement when the child was last seen, Arrange a visit at which the child is seen alone]
// parameters:
//   first: {kind: int, default: 7, least: 1, most: 90, help: Days from the start of a placement to the first visit.}
//   days: {kind: int, default: 42, least: 1, most: 365, help: "Days between two visits (13 weeks, 91, where the placement is meant to last to 18)."}
//   grace: {kind: int, default: 7, least: 0, most: 90, help: Days of grace after either.}
//   level: {kind: int, default: 4, least: 1, most: 5, help: "The least that counts as seen: 4 seen for the visit's purpose."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which the visit was overdue.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Rows of the care episode, of the placement and of the last visit."}
//   band: {kind: text, doc: Age band., hidden: true}
//   started: {kind: date, doc: "Start of the latest placement, else of the care episode."}
//   last_visit: {kind: date, doc: Last visit at which a social worker saw the child since then.}
//   allowed: {kind: int, doc: Days allowed.}
// sort: [since, child]
// needs: {"0-4": [social_care_contacts], "5-15": [social_care_contacts], "16-17": [social_care_contacts]}
// caveats:
//   - No extract says whether a placement is meant to last to 18; every placement is held to six weeks.
//   - A visit before the latest placement began does not count.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND open(i) AND i.status = 'cla'
WITH c, max(coalesce(i.valid_from, i.known_on)) AS begun, max(i.known_on) AS told, collect(DISTINCT i.row) AS plan
OPTIONAL MATCH (c)-[l:LIVES_AT]->()
WHERE open(l) AND l.kind = 'placement'
WITH c, begun, told, plan, max(l.valid_from) AS placed, max(l.known_on) AS placed_known, collect(DISTINCT l.row) AS placements
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level AND a.agency_kind = 'social_care'
WITH c, begun, told, plan, placed, placed_known, placements,
     max(CASE WHEN a.occurred_on >= begun AND (placed IS NULL OR a.occurred_on >= placed) THEN a.occurred_on END) AS last_visit
WHERE days_between(coalesce(last_visit, CASE WHEN placed > begun THEN placed ELSE begun END), $as_at)
      > CASE WHEN last_visit IS NULL THEN $first + $grace ELSE $days + $grace END
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= $level AND b.agency_kind = 'social_care'
WITH c, begun, told, plan, placed, placed_known, placements, last_visit, max(CASE WHEN b.occurred_on = last_visit THEN b.known_on END) AS heard,
     collect(DISTINCT CASE WHEN b.occurred_on = last_visit THEN b.row END) AS visits
WITH c, plan + coalesce(placements, plan) + coalesce(visits, plan) AS rows, last_visit, CASE WHEN placed > begun THEN placed ELSE begun END AS started, heard,
     CASE WHEN placed_known > told THEN placed_known ELSE told END AS informed,
     CASE WHEN last_visit IS NULL THEN $first + $grace ELSE $days + $grace END AS allowed
WITH c, rows, last_visit, started, heard, informed, allowed, plus_days(coalesce(last_visit, started), allowed + 1) AS due
RETURN c.id AS child, CASE WHEN informed > due THEN informed ELSE due END AS since,
       CASE WHEN heard > informed THEN heard ELSE informed END AS known_on, rows, age_band(c) AS band, started, last_visit, allowed
