// title: Who lives there, by each source
// question: Where is this child said to live, and who else is said to live there?
// population: person
// parameters:
//   child: {kind: person, help: "The child (or any other person): a record id, an identifier or a name that only one has."}
//   days: {kind: int, default: 365, least: 1, most: 6600, help: Days for which what somebody said still counts.}
// columns:
//   place: {kind: place, doc: A place where the child is said to live.}
//   person: {kind: person, doc: "Who is said to live there, the child among them."}
//   basis: {kind: text, doc: "registered, observed (at a home visit, or held by an agency on a day) or claimed."}
//   kind: {kind: text, doc: "home, second_home, placement, boarding, refuge or temporary."}
//   source: {kind: text, doc: "Source that says so; not told of a refuge."}
//   since: {kind: date, doc: "First day, as stated."}
//   until: {kind: date, doc: "Last day plus one, where an end to come is known."}
//   stated_by: {kind: record, doc: "Who said so, for a claim."}
//   row: {kind: row, doc: "Load, file and line; not told of a refuge."}
// sort: [place, person, source, basis, since, row]
// caveats:
//   - Nobody else is listed for a protected address, an area, or where no address is known.
//   - A household form that leaves a child out is not proof that the child lives elsewhere.
//   - "An observed address is current until any source states another one from a later day that is not only claimed."
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[l:LIVES_AT]->(h:Address)
WHERE c.id = $child AND open(l)
WITH c, l, h
OPTIONAL MATCH (c)-[n:LIVES_AT]->(o:Address)
WHERE c.id = $child AND known(n)
WITH l, h, count(CASE WHEN l.basis = 'observed' AND n.basis <> 'claimed' AND n.valid_from > l.valid_from AND apart(h, o) THEN 1 END) AS later
WHERE later = 0 AND (l.basis <> 'claimed' OR days_between(coalesce(l.valid_from, l.known_on), $as_at) <= $days)
WITH DISTINCT h.id AS here
MATCH (g:Address)
WHERE g.id = here
WITH g
OPTIONAL MATCH (g)<-[m:LIVES_AT]-(p:Person)
WHERE open(m) AND (m.basis <> 'claimed' OR days_between(coalesce(m.valid_from, m.known_on), $as_at) <= $days)
WITH g, m, p
WHERE p.id = $child OR (p.id <> $child AND g.kind = 'property' AND NOT coalesce(g.protected, false))
OPTIONAL MATCH (p)-[r:LIVES_AT]->(k:Address)
WHERE known(r)
WITH g, m, p, count(CASE WHEN m.basis = 'observed' AND r.basis <> 'claimed' AND r.valid_from > m.valid_from AND apart(g, k) THEN 1 END) AS later
WHERE later = 0
RETURN g.id AS place, p.id AS person, m.basis AS basis, CASE WHEN NOT coalesce(g.protected, false) THEN m.kind END AS kind,
       CASE WHEN NOT (coalesce(g.protected, false) AND coalesce(m.kind, '') = 'refuge') THEN m.source END AS source,
       m.valid_from AS since, CASE WHEN m.end_known_on <= $as_at THEN m.valid_to END AS until, m.stated_by AS stated_by,
       CASE WHEN NOT (coalesce(g.protected, false) AND coalesce(m.kind, '') = 'refuge') THEN m.row END AS row
