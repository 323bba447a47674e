// title: Children said to be in two places
// question: For which children do sources, or what adults say, name different places as where they live now?
// population: children
// parameters:
//   days: {kind: int, default: 365, least: 1, most: 6600, help: "Days for which an address observed on a day, or what somebody said, still counts."}
// columns:
//   child: {kind: person, doc: The child.}
//   conflict: {kind: text, doc: What does not fit together.}
//   place: {kind: place, doc: One place; the one that is more than a claim where there is one.}
//   basis: {kind: words, doc: "How it is stated: registered, observed (at a home visit, or held by an agency on a day), claimed."}
//   sources: {kind: list, doc: Sources that state it.}
//   since: {kind: date, doc: First day of those statements.}
//   other_place: {kind: place, doc: The other place.}
//   other_basis: {kind: words, doc: How that is stated.}
//   other_sources: {kind: list, doc: Sources that state it.}
//   other_since: {kind: date, doc: First day of those statements.}
//   rows: {kind: rows, doc: "Load, file and line of every statement."}
// sort: [child, place, other_place]
// helps: [gp_list, health_visiting, health_visiting_caseload, school_roll, housing, missing_education, social_care_contacts]
// caveats:
//   - Separated parents, an address that one source has not changed yet, and two spellings of one address look the same as a false account.
//   - Second homes, placements, boarding and refuges are left out.
//   - "An observed address is current until any source states another one from a later day that is not only claimed."
//   - Two addresses that only one source states are left out.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)-[l:LIVES_AT]->(h:Address)
WHERE open(l) AND h.kind <> 'not_known'
  AND NOT coalesce(l.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (l.basis = 'registered' OR days_between(coalesce(l.valid_from, l.known_on), $as_at) <= $days)
WITH c, min(h.id) AS first, max(h.id) AS last
WHERE first <> last
WITH c.id AS one
MATCH (p:Person)
WHERE p.id = one
WITH p
OPTIONAL MATCH (p)-[x:LIVES_AT]->(a:Address)
WHERE open(x) AND a.kind <> 'not_known'
  AND NOT coalesce(x.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (x.basis = 'registered' OR days_between(coalesce(x.valid_from, x.known_on), $as_at) <= $days)
WITH p, x, a
OPTIONAL MATCH (p)-[y:LIVES_AT]->(q:Address)
WHERE open(y) AND q.kind <> 'not_known'
  AND NOT coalesce(y.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (y.basis = 'registered' OR days_between(coalesce(y.valid_from, y.known_on), $as_at) <= $days)
WITH p, x, a, y, q
WHERE apart(a, q) AND (x.source <> y.source OR x.basis = 'claimed' OR y.basis = 'claimed')
OPTIONAL MATCH (p)-[n:LIVES_AT]->(o:Address)
WHERE known(n) AND n.basis <> 'claimed'
WITH p, x, a, y, q,
     count(CASE WHEN x.basis = 'observed' AND n.valid_from > x.valid_from AND apart(a, o) THEN 1 END) AS later,
     count(CASE WHEN y.basis = 'observed' AND n.valid_from > y.valid_from AND apart(q, o) THEN 1 END) AS other_later
WHERE later = 0 AND other_later = 0
WITH p, a, q, min(x.valid_from) AS since, min(y.valid_from) AS other_since,
     min(CASE x.basis WHEN 'registered' THEN 1 WHEN 'observed' THEN 2 ELSE 3 END) AS rank,
     min(CASE y.basis WHEN 'registered' THEN 1 WHEN 'observed' THEN 2 ELSE 3 END) AS other_rank,
     collect(DISTINCT x.basis) AS basis, collect(DISTINCT x.source) AS sources,
     collect(DISTINCT y.basis) AS other_basis, collect(DISTINCT y.source) AS other_sources,
     collect(DISTINCT x.row) AS rows_here, collect(DISTINCT y.row) AS rows_there
WHERE rank < other_rank OR (rank = other_rank AND a.id < q.id)
RETURN p.id AS child,
       CASE WHEN rank = 3 AND NOT coalesce(a.in_area, true) AND NOT coalesce(q.in_area, true) THEN 'claims differ, both out of area'
            WHEN rank = 3 AND NOT (coalesce(a.in_area, true) AND coalesce(q.in_area, true)) THEN 'claims differ, one out of area'
            WHEN rank = 3 THEN 'claims differ'
            WHEN other_rank = 3 AND NOT coalesce(q.in_area, true) THEN 'claimed out of area'
            WHEN other_rank = 3 THEN 'claimed elsewhere'
            WHEN other_rank = 1 THEN 'registered at two addresses'
            WHEN rank = 1 THEN 'observed elsewhere than registered'
            ELSE 'observed at two addresses' END AS conflict,
       a.id AS place, basis, sources, since, q.id AS other_place, other_basis, other_sources, other_since,
       rows_here + coalesce(rows_there, rows_here) AS rows
