// title: Who could see this child soonest
// question: Which professionals have lately met this child, or somebody of the family or household, and by which shortest way?
// population: person
// parameters:
//   child: {kind: person, help: "The child: a record id, an identifier or a name that only one has."}
//   days: {kind: int, default: 90, least: 1, most: 6600, help: Days within which somebody was met.}
//   level: {kind: int, default: 1, least: 1, most: 5, help: "The least that counts as met: 1 an adult spoken to, 3 seen in person."}
// columns:
//   who: {kind: text, doc: "Id of the worker; of the agency, where no worker is named."}
//   worker: {kind: text, doc: The worker.}
//   role: {kind: text, doc: "The worker's role."}
//   phone: {kind: text, doc: Phone at work.}
//   agency: {kind: agency, doc: The agency that made the contact.}
//   met: {kind: person, doc: Whom they met.}
//   met_on: {kind: date, doc: When last.}
//   level: {kind: int, doc: "How much of that person was seen, 0 to 5; 1: an adult was met about them."}
//   kind: {kind: text, doc: Kind of contact.}
//   tie: {kind: text, doc: "Who that is to the child: the child, parent, sibling (by a shared parent), stated sibling, household."}
//   tie_since: {kind: date, doc: "Since when, as stated; else the day it was known."}
//   place: {kind: place, doc: "The home they share, for the household."}
//   steps: {kind: int, doc: "Steps from the child to the professional: 1 the child, 2 a parent, 3 by way of a parent or the home."}
//   row: {kind: row, doc: "Load, file and line of the contact."}
// sort: [steps, -met_on, -level, who, -tie, met]
// once: who
// caveats:
//   - A professional is told once, by the shortest way and then the latest contact.
//   - Never by way of a protected address or a restricted person, and no refuge is named - ask the named lead.
//   - At level 1 an adult was met, not the person named.
//   - The household is who is registered or observed at the child's present homes; who was only said to live there is not in it.
//   - Contacts of agencies whose extracts are not loaded are not here.
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-(k:Contact)
WHERE c.id = $child AND known(a) AND a.level >= $level AND days_between(a.occurred_on, $as_at) <= $days
WITH c, a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH c, a, w
WHERE coalesce(w.id, a.agency) IS NOT NULL AND coalesce(a.agency_kind, '') <> 'refuge'
RETURN coalesce(w.id, a.agency) AS who, coalesce(w.name, w.id) AS worker, w.role AS role, w.phone AS phone, a.agency AS agency,
       c.id AS met, a.occurred_on AS met_on, a.level AS level, a.kind AS kind, 'the child' AS tie, c.first_known_on AS tie_since,
       CASE WHEN c.id IS NULL THEN c.id END AS place, 1 AS steps, a.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[p:PARENT_OF]-(m:Person)
WHERE c.id = $child AND open(p)
WITH p, m
OPTIONAL MATCH (m)<-[a:ABOUT]-(k:Contact)
WHERE known(a) AND a.level >= $level AND days_between(a.occurred_on, $as_at) <= $days
WITH p, m, a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH p, m, a, w
WHERE coalesce(w.id, a.agency) IS NOT NULL AND coalesce(a.agency_kind, '') <> 'refuge' AND NOT coalesce(m.restricted, false)
RETURN coalesce(w.id, a.agency) AS who, coalesce(w.name, w.id) AS worker, w.role AS role, w.phone AS phone, a.agency AS agency,
       m.id AS met, a.occurred_on AS met_on, a.level AS level, a.kind AS kind, 'parent' AS tie,
       coalesce(p.valid_from, p.known_on) AS tie_since, CASE WHEN m.id IS NULL THEN m.id END AS place, 2 AS steps, a.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[p:PARENT_OF]-(m:Person)
WHERE c.id = $child AND open(p)
WITH m
OPTIONAL MATCH (m)-[q:PARENT_OF]->(s:Person)
WHERE open(q) AND s.id <> $child
WITH m, q, s
OPTIONAL MATCH (s)<-[a:ABOUT]-(k:Contact)
WHERE known(a) AND a.level >= $level AND days_between(a.occurred_on, $as_at) <= $days
WITH m, q, s, a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH m, q, s, a, w
WHERE coalesce(w.id, a.agency) IS NOT NULL AND coalesce(a.agency_kind, '') <> 'refuge'
  AND NOT coalesce(m.restricted, false) AND NOT coalesce(s.restricted, false)
RETURN coalesce(w.id, a.agency) AS who, coalesce(w.name, w.id) AS worker, w.role AS role, w.phone AS phone, a.agency AS agency,
       s.id AS met, a.occurred_on AS met_on, a.level AS level, a.kind AS kind, 'sibling' AS tie,
       coalesce(q.valid_from, q.known_on) AS tie_since, CASE WHEN s.id IS NULL THEN s.id END AS place, 3 AS steps, a.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[r:RELATED_TO]-(s:Person)
WHERE c.id = $child AND open(r) AND r.relation = 'sibling' AND s.id <> $child
WITH r, s
OPTIONAL MATCH (s)<-[a:ABOUT]-(k:Contact)
WHERE known(a) AND a.level >= $level AND days_between(a.occurred_on, $as_at) <= $days
WITH r, s, a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH r, s, a, w
WHERE coalesce(w.id, a.agency) IS NOT NULL AND coalesce(a.agency_kind, '') <> 'refuge' AND NOT coalesce(s.restricted, false)
RETURN coalesce(w.id, a.agency) AS who, coalesce(w.name, w.id) AS worker, w.role AS role, w.phone AS phone, a.agency AS agency,
       s.id AS met, a.occurred_on AS met_on, a.level AS level, a.kind AS kind, 'stated sibling' AS tie,
       coalesce(r.valid_from, r.known_on) AS tie_since, CASE WHEN s.id IS NULL THEN s.id END AS place, 2 AS steps, a.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[l:LIVES_AT]->(h:Address)
WHERE c.id = $child AND open(l) AND l.basis <> 'claimed'
WITH c, l, h
OPTIONAL MATCH (c)-[n:LIVES_AT]->(o:Address)
WHERE c.id = $child AND known(n)
WITH l, h, count(CASE WHEN l.basis = 'observed' AND n.basis <> 'claimed' AND n.valid_from > l.valid_from AND apart(h, o) THEN 1 END) AS later
WHERE later = 0 AND h.kind = 'property' AND NOT coalesce(h.protected, false)
WITH h.id AS here, min(coalesce(l.valid_from, l.known_on)) AS here_since
MATCH (g:Address)
WHERE g.id = here
WITH g, here_since
OPTIONAL MATCH (g)<-[z:LIVES_AT]-()
WHERE known(z) AND z.kind = 'refuge'
WITH g, here_since, count(z.known_on) AS refuges
WHERE refuges = 0
OPTIONAL MATCH (g)<-[i:LIVES_AT]-(e:Person)
WHERE open(i) AND i.basis <> 'claimed' AND e.id <> $child
WITH g, here_since, i, e
OPTIONAL MATCH (e)-[j:LIVES_AT]->(b:Address)
WHERE known(j)
WITH g, here_since, i, e,
     count(CASE WHEN i.basis = 'observed' AND j.basis <> 'claimed' AND j.valid_from > i.valid_from AND apart(g, b) THEN 1 END) AS moved
WHERE moved = 0
WITH g, e, here_since, min(coalesce(i.valid_from, i.known_on)) AS there_since
OPTIONAL MATCH (e)<-[a:ABOUT]-(k:Contact)
WHERE known(a) AND a.level >= $level AND days_between(a.occurred_on, $as_at) <= $days
WITH g, e, here_since, there_since, a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH g, e, here_since, there_since, a, w
WHERE coalesce(w.id, a.agency) IS NOT NULL AND coalesce(a.agency_kind, '') <> 'refuge' AND NOT coalesce(e.restricted, false)
RETURN coalesce(w.id, a.agency) AS who, coalesce(w.name, w.id) AS worker, w.role AS role, w.phone AS phone, a.agency AS agency,
       e.id AS met, a.occurred_on AS met_on, a.level AS level, a.kind AS kind, 'household' AS tie,
       CASE WHEN there_since > here_since THEN there_since ELSE here_since END AS tie_since, g.id AS place, 3 AS steps, a.row AS row
