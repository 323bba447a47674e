// title: Siblings and when each was last seen
// question: Who are this child's brothers and sisters, and when was each of them last seen?
// population: person
// parameters:
//   child: {kind: person, help: "The child (or any other person): a record id, an identifier or a name that only one has."}
//   level: {kind: int, default: 3, least: 1, most: 5, help: "The least that counts as seen: 3 seen in person, 4 seen for the agency's purpose, 5 seen alone."}
// columns:
//   sibling: {kind: person, doc: The brother or sister.}
//   shared_parent: {kind: people, doc: "Parents that both are stated to have; none where a source only states that they are siblings."}
//   stated_by: {kind: list, doc: Sources that say so.}
//   born_on: {kind: date, doc: "Birth date, where known."}
//   last_seen: {kind: date, doc: Last sighting at the level asked.}
//   days: {kind: int, doc: Days since then.}
//   level: {kind: int, doc: Level of that sighting.}
//   agency: {kind: agency, doc: Agency that made it.}
// sort: [born_on, sibling, -last_seen, -level]
// once: sibling
// caveats:
//   - Siblings come from stated parents; a parent whom no source states makes no sibling.
//   - Brothers and sisters who are expected, grown up or dead are listed too.
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[a:PARENT_OF]-(p:Person)
WHERE c.id = $child AND known(a)
WITH a, p
OPTIONAL MATCH (p)-[b:PARENT_OF]->(s:Person)
WHERE known(b) AND s.id <> $child
WITH a, p, b, s
OPTIONAL MATCH (s)<-[d:ABOUT]-()
WHERE known(d) AND d.level >= $level
WITH s, d.occurred_on AS last_seen, d.level AS level, d.agency AS agency, collect(DISTINCT p.id) AS shared_parent,
     collect(DISTINCT a.source) AS here, collect(DISTINCT b.source) AS there
WHERE s.id IS NOT NULL
RETURN s.id AS sibling, shared_parent, here + coalesce(there, here) AS stated_by, born(s) AS born_on, last_seen,
       days_between(last_seen, $as_at) AS days, level, agency
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[r:RELATED_TO]-(s:Person)
WHERE c.id = $child AND known(r) AND r.relation = 'sibling' AND s.id <> $child
WITH c, r, s
OPTIONAL MATCH (c)<-[a:PARENT_OF]-(p:Person)
WHERE c.id = $child AND known(a)
WITH r, s, p
OPTIONAL MATCH (p)-[b:PARENT_OF]->(t:Person)
WHERE known(b)
WITH r, s, t
OPTIONAL MATCH (s)<-[d:ABOUT]-()
WHERE known(d) AND d.level >= $level
WITH s, d.occurred_on AS last_seen, d.level AS level, d.agency AS agency, count(CASE WHEN t.id = s.id THEN 1 END) AS shared,
     collect(DISTINCT r.source) AS stated_by, collect(DISTINCT CASE WHEN t.id = s.id THEN t.id END) AS shared_parent
WHERE shared = 0 AND s.id IS NOT NULL
RETURN s.id AS sibling, shared_parent, stated_by, born(s) AS born_on, last_seen, days_between(last_seen, $as_at) AS days, level, agency
