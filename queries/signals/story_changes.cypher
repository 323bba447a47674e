// title: The story of where changes
// question: About which children were different places claimed within a year?
// population: children
// signal: G13
// event: true
// duty: offer
// clears: "A person closes it, having put the accounts side by side; a wrong claim can be disputed."
// window: days
// parameters:
//   days: {kind: int, default: 365, least: 1, most: 6600, help: "Most days between the two claims."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which two such claims were known.}
//   known_on: {kind: date, doc: The same of the latest two.}
//   rows: {kind: rows, doc: "Load, file and line of every claim that differs from another."}
//   band: {kind: text, doc: Age band., hidden: true}
//   place: {kind: place, doc: The place claimed first.}
//   said_on: {kind: date, doc: Day of that claim.}
//   other_place: {kind: place, doc: The place claimed after it.}
//   other_on: {kind: date, doc: Day of that claim.}
// sort: [-known_on, child]
// sentence: ["Said on {said_on} to live at {place}, and on {other_on} at {other_place}."]
// rule_out: [Two real moves., The record of an old claim made again.]
// check: [Put the accounts side by side., Do not close on the latest one.]
// helps: [missing_education, school_concerns]
// caveats:
//   - "An area and a property in it are one place; no fixed abode is one place."
//   - A claim without a day counts from the day it was known.
MATCH (c:Person)-[x:LIVES_AT]->(p:Address)
WHERE child(c) AND NOT unborn(c) AND known(x) AND x.basis = 'claimed' AND p.kind <> 'not_known'
WITH c, x, p, coalesce(x.valid_from, x.known_on) AS said
MATCH (c)-[y:LIVES_AT]->(q:Address)
WHERE known(y) AND y.basis = 'claimed' AND q.kind <> 'not_known' AND apart(p, q)
WITH c, x, y, p, q, said, coalesce(y.valid_from, y.known_on) AS other,
     CASE WHEN x.known_on > y.known_on THEN x.known_on ELSE y.known_on END AS day
WHERE (said < other OR (said = other AND x.key < y.key)) AND days_between(said, other) <= $days
RETURN c.id AS child, plus_days(day, 0) AS since, day AS known_on, [x.row, y.row] AS rows, age_band(c) AS band, p.id AS place,
       said AS said_on, q.id AS other_place, other AS other_on
