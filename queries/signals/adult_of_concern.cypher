// title: Adult of concern within two steps
// question: Which children are within two steps (parent, partner or shared home) of an adult with a current, dated, sourced concern flag?
// population: children
// signal: G19
// duty: offer
// clears: "The flag ends or passes its review day, or the link to the adult turns out wrong."
// window: 365
// near: FLAGGED_BY
// sentence:
//   - "Within two steps of an adult flagged by {flagged_by} on {flagged_on} ({flag}); the flag is to be reviewed on {review_on}."
//   - "Within two steps of an adult flagged by {flagged_by} on {flagged_on} ({flag})."
// rule_out: [The flag is out of date, The person flagged is the victim, A namesake]
// check: [Ask the police whether the flag is current and the person the right one, Ask a supervisor before opening the adult's record]
// parameters:
//   observed: {kind: int, default: 365, least: 1, most: 6600, help: "Days for which an address stated on a day, without an end, counts as lived at."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: Day the latest of these facts was known.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: Rows of the flag and of the links.}
//   band: {kind: text, doc: Age band., hidden: true}
//   flag: {kind: text, doc: The concern.}
//   flagged_by: {kind: text, doc: Source of the flag.}
//   flagged_on: {kind: date, doc: Day from which it stands.}
//   review_on: {kind: date, doc: Day by which it must be reviewed.}
// sort: [since, child]
// helps: [marac, police_notices, housing, births, school_roll]
// caveats:
//   - Two people shared a home where sources state both there over the same days; a protected address never links anybody.
//   - The adult is not named here; the rows lead to the source.
//   - A flag past its review day does not count.
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[r1:PARENT_OF|PARTNER_OF]-(c:Person)
WHERE child(c) AND known(r1)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, c, r1
WHERE c.id <> x.id
WITH x, flag, flagged_by, flagged_on, review_on, told, said, c, min(r1.known_on) AS heard1, min(r1.row) AS tie1
WITH c, flag, flagged_by, flagged_on, review_on, said, tie1, CASE WHEN heard1 > told THEN heard1 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [tie1] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
UNION ALL
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[l1:LIVES_AT]->(h1:Address)
WHERE known(l1) AND l1.basis <> 'claimed' AND h1.kind = 'property' AND NOT coalesce(h1.protected, false)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, h1, l1.row AS here1, l1.known_on AS first1, coalesce(l1.valid_from, l1.known_on) AS from1,
     CASE WHEN l1.end_known_on <= $as_at AND l1.valid_to <= $as_at THEN l1.valid_to
     WHEN l1.basis = 'observed' THEN plus_days(l1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS until1
MATCH (h1)<-[m1:LIVES_AT]-(c:Person)
WHERE child(c) AND known(m1) AND m1.basis <> 'claimed'
WITH x, flag, flagged_by, flagged_on, review_on, told, said, c, here1, first1, m1, from1, until1, coalesce(m1.valid_from, m1.known_on) AS came1,
     CASE WHEN m1.end_known_on <= $as_at AND m1.valid_to <= $as_at THEN m1.valid_to
     WHEN m1.basis = 'observed' THEN plus_days(m1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS left1
WHERE c.id <> x.id AND from1 < left1 AND came1 < until1
WITH x, flag, flagged_by, flagged_on, review_on, told, said, c, min(CASE WHEN m1.known_on > first1 THEN m1.known_on ELSE first1 END) AS heard1,
     min(here1) AS home1, min(m1.row) AS tie1
WITH c, flag, flagged_by, flagged_on, review_on, said, home1, tie1, CASE WHEN heard1 > told THEN heard1 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [home1, tie1] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
UNION ALL
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[r1:PARENT_OF|PARTNER_OF]-(y:Person)
WHERE known(r1)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, r1
WHERE y.id <> x.id
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, min(r1.known_on) AS heard1, min(r1.row) AS tie1
MATCH (y)-[r2:PARENT_OF|PARTNER_OF]-(c:Person)
WHERE child(c) AND known(r2)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, tie1, c, r2
WHERE c.id <> x.id
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, tie1, c, min(r2.known_on) AS heard2, min(r2.row) AS tie2
WITH c, flag, flagged_by, flagged_on, review_on, said, tie1, tie2, CASE WHEN heard1 > told AND heard1 >= heard2 THEN heard1 WHEN heard2 > told THEN heard2 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [tie1, tie2] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
UNION ALL
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[r1:PARENT_OF|PARTNER_OF]-(y:Person)
WHERE known(r1)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, r1
WHERE y.id <> x.id
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, min(r1.known_on) AS heard1, min(r1.row) AS tie1
MATCH (y)-[l2:LIVES_AT]->(h2:Address)
WHERE known(l2) AND l2.basis <> 'claimed' AND h2.kind = 'property' AND NOT coalesce(h2.protected, false)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, tie1, h2, l2.row AS here2, l2.known_on AS first2, coalesce(l2.valid_from, l2.known_on) AS from2,
     CASE WHEN l2.end_known_on <= $as_at AND l2.valid_to <= $as_at THEN l2.valid_to
     WHEN l2.basis = 'observed' THEN plus_days(l2.valid_from, $observed) ELSE plus_days($as_at, 1) END AS until2
MATCH (h2)<-[m2:LIVES_AT]-(c:Person)
WHERE child(c) AND known(m2) AND m2.basis <> 'claimed'
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, tie1, c, here2, first2, m2, from2, until2, coalesce(m2.valid_from, m2.known_on) AS came2,
     CASE WHEN m2.end_known_on <= $as_at AND m2.valid_to <= $as_at THEN m2.valid_to
     WHEN m2.basis = 'observed' THEN plus_days(m2.valid_from, $observed) ELSE plus_days($as_at, 1) END AS left2
WHERE c.id <> x.id AND from2 < left2 AND came2 < until2
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, tie1, c, min(CASE WHEN m2.known_on > first2 THEN m2.known_on ELSE first2 END) AS heard2,
     min(here2) AS home2, min(m2.row) AS tie2
WITH c, flag, flagged_by, flagged_on, review_on, said, tie1, home2, tie2, CASE WHEN heard1 > told AND heard1 >= heard2 THEN heard1 WHEN heard2 > told THEN heard2 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [tie1, home2, tie2] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
UNION ALL
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[l1:LIVES_AT]->(h1:Address)
WHERE known(l1) AND l1.basis <> 'claimed' AND h1.kind = 'property' AND NOT coalesce(h1.protected, false)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, h1, l1.row AS here1, l1.known_on AS first1, coalesce(l1.valid_from, l1.known_on) AS from1,
     CASE WHEN l1.end_known_on <= $as_at AND l1.valid_to <= $as_at THEN l1.valid_to
     WHEN l1.basis = 'observed' THEN plus_days(l1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS until1
MATCH (h1)<-[m1:LIVES_AT]-(y:Person)
WHERE known(m1) AND m1.basis <> 'claimed'
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, here1, first1, m1, from1, until1, coalesce(m1.valid_from, m1.known_on) AS came1,
     CASE WHEN m1.end_known_on <= $as_at AND m1.valid_to <= $as_at THEN m1.valid_to
     WHEN m1.basis = 'observed' THEN plus_days(m1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS left1
WHERE y.id <> x.id AND from1 < left1 AND came1 < until1
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, min(CASE WHEN m1.known_on > first1 THEN m1.known_on ELSE first1 END) AS heard1,
     min(here1) AS home1, min(m1.row) AS tie1
MATCH (y)-[r2:PARENT_OF|PARTNER_OF]-(c:Person)
WHERE child(c) AND known(r2)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, c, r2
WHERE c.id <> x.id
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, c, min(r2.known_on) AS heard2, min(r2.row) AS tie2
WITH c, flag, flagged_by, flagged_on, review_on, said, home1, tie1, tie2, CASE WHEN heard1 > told AND heard1 >= heard2 THEN heard1 WHEN heard2 > told THEN heard2 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [home1, tie1, tie2] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
UNION ALL
MATCH (x:Person)-[f:FLAGGED_BY]->(:Agency)
WHERE open(f) AND (f.review_on IS NULL OR f.review_on > $as_at)
WITH x, min(f.flag) AS flag, min(f.source) AS flagged_by, min(coalesce(f.valid_from, f.known_on)) AS flagged_on, max(f.review_on) AS review_on,
     max(f.known_on) AS told, collect(DISTINCT f.row) AS said
MATCH (x)-[l1:LIVES_AT]->(h1:Address)
WHERE known(l1) AND l1.basis <> 'claimed' AND h1.kind = 'property' AND NOT coalesce(h1.protected, false)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, h1, l1.row AS here1, l1.known_on AS first1, coalesce(l1.valid_from, l1.known_on) AS from1,
     CASE WHEN l1.end_known_on <= $as_at AND l1.valid_to <= $as_at THEN l1.valid_to
     WHEN l1.basis = 'observed' THEN plus_days(l1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS until1
MATCH (h1)<-[m1:LIVES_AT]-(y:Person)
WHERE known(m1) AND m1.basis <> 'claimed'
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, here1, first1, m1, from1, until1, coalesce(m1.valid_from, m1.known_on) AS came1,
     CASE WHEN m1.end_known_on <= $as_at AND m1.valid_to <= $as_at THEN m1.valid_to
     WHEN m1.basis = 'observed' THEN plus_days(m1.valid_from, $observed) ELSE plus_days($as_at, 1) END AS left1
WHERE y.id <> x.id AND from1 < left1 AND came1 < until1
WITH x, flag, flagged_by, flagged_on, review_on, told, said, y, min(CASE WHEN m1.known_on > first1 THEN m1.known_on ELSE first1 END) AS heard1,
     min(here1) AS home1, min(m1.row) AS tie1
MATCH (y)-[l2:LIVES_AT]->(h2:Address)
WHERE known(l2) AND l2.basis <> 'claimed' AND h2.kind = 'property' AND NOT coalesce(h2.protected, false)
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, h2, l2, count(*) AS barrier
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, h2, l2.row AS here2, l2.known_on AS first2, coalesce(l2.valid_from, l2.known_on) AS from2,
     CASE WHEN l2.end_known_on <= $as_at AND l2.valid_to <= $as_at THEN l2.valid_to
     WHEN l2.basis = 'observed' THEN plus_days(l2.valid_from, $observed) ELSE plus_days($as_at, 1) END AS until2
MATCH (h2)<-[m2:LIVES_AT]-(c:Person)
WHERE child(c) AND known(m2) AND m2.basis <> 'claimed'
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, c, here2, first2, m2, from2, until2, coalesce(m2.valid_from, m2.known_on) AS came2,
     CASE WHEN m2.end_known_on <= $as_at AND m2.valid_to <= $as_at THEN m2.valid_to
     WHEN m2.basis = 'observed' THEN plus_days(m2.valid_from, $observed) ELSE plus_days($as_at, 1) END AS left2
WHERE c.id <> x.id AND from2 < left2 AND came2 < until2
WITH x, flag, flagged_by, flagged_on, review_on, told, said, heard1, home1, tie1, c, min(CASE WHEN m2.known_on > first2 THEN m2.known_on ELSE first2 END) AS heard2,
     min(here2) AS home2, min(m2.row) AS tie2
WITH c, flag, flagged_by, flagged_on, review_on, said, home1, tie1, home2, tie2, CASE WHEN heard1 > told AND heard1 >= heard2 THEN heard1 WHEN heard2 > told THEN heard2 ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, said + [home1, tie1, home2, tie2] AS rows, age_band(c) AS band, flag,
       flagged_by, flagged_on, review_on
