// title: The story of where changes
// question: About which children were different places claimed within a year?
// population: children
// signal: G13
// event: true
// duty: offer
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
WITH c, x, y, said, coalesce(y.valid_from, y.known_on) AS other, CASE WHEN x.known_on > y.known_on THEN x.known_on ELSE y.known_on END AS day
WHERE (said < other OR (said = other AND x.key < y.key)) AND days_between(said, other) <= $days
WITH c, min(day) AS since, max(day) AS known_on, collect(DISTINCT x.row) AS firsts, collect(DISTINCT y.row) AS seconds,
     collect(DISTINCT x.key) AS keys, collect(DISTINCT y.key) AS others
MATCH (c)-[v:LIVES_AT]->(h:Address)
WHERE known(v) AND v.basis = 'claimed' AND v.key IN keys
WITH c, since, known_on, firsts, seconds, others, v, h
MATCH (c)-[w:LIVES_AT]->(k:Address)
WHERE known(w) AND w.basis = 'claimed' AND w.key IN others AND apart(h, k)
WITH c, since, known_on, firsts, seconds, others, v, w, coalesce(v.valid_from, v.known_on) AS said, coalesce(w.valid_from, w.known_on) AS other,
     CASE WHEN v.known_on > w.known_on THEN v.known_on ELSE w.known_on END AS day
WHERE day = since AND (said < other OR (said = other AND v.key < w.key)) AND days_between(said, other) <= $days
WITH c, since, known_on, firsts + seconds AS rows, min(v.key) AS best
MATCH (c)-[a:LIVES_AT]->(f:Address)
WHERE known(a) AND a.basis = 'claimed' AND a.key = best
WITH c, since, known_on, rows, a, f, count(*) AS barrier
MATCH (c)-[b:LIVES_AT]->(g:Address)
WHERE known(b) AND b.basis = 'claimed' AND g.kind <> 'not_known' AND apart(f, g)
WITH c, since, known_on, rows, a, f, b, coalesce(a.valid_from, a.known_on) AS said, coalesce(b.valid_from, b.known_on) AS other,
     CASE WHEN a.known_on > b.known_on THEN a.known_on ELSE b.known_on END AS day
WHERE day = since AND (said < other OR (said = other AND a.key < b.key)) AND days_between(said, other) <= $days
WITH c, since, known_on, rows, f, said, min(b.key) AS second
MATCH (c)-[z:LIVES_AT]->(q:Address)
WHERE known(z) AND z.basis = 'claimed' AND z.key = second
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, f.id AS place, said AS said_on, q.id AS other_place,
       coalesce(z.valid_from, z.known_on) AS other_on
