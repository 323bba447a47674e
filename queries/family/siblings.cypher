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
//   agency: {kind: text, doc: Agency that made it.}
// sort: [born_on, sibling]
// caveats:
//   - Siblings come from stated parents; a parent whom no source states makes no sibling.
//   - Brothers and sisters who are expected, grown up or dead are listed too.
MATCH (c:Person)<-[a:PARENT_OF]-(p:Person)
WHERE c.id = $child AND known(a)
WITH a, p
MATCH (p)-[b:PARENT_OF]->(s:Person)
WITH a, p, b, s
WHERE known(b) AND s.id <> $child
WITH s, collect(DISTINCT p.id) AS shared_parent, collect(DISTINCT a.source) AS here, collect(DISTINCT b.source) AS there
OPTIONAL MATCH (s)<-[d:ABOUT]-()
WITH s, shared_parent, here, there, max(CASE WHEN known(d) AND d.level >= $level THEN d.occurred_on END) AS last_seen
OPTIONAL MATCH (s)<-[e:ABOUT]-()
WITH s, shared_parent, here, there, last_seen, max(CASE WHEN known(e) AND e.level >= $level AND e.occurred_on = last_seen THEN e.level END) AS level
OPTIONAL MATCH (s)<-[f:ABOUT]-(k:Contact)
WITH s, shared_parent, here, there, last_seen, level, k,
     CASE WHEN known(f) AND f.level = level AND f.occurred_on = last_seen THEN 1 ELSE 0 END AS latest
OPTIONAL MATCH (k)-[:MADE_BY]->(i:Agency)
WITH s, shared_parent, here, there, last_seen, level, min(CASE WHEN latest = 1 THEN coalesce(i.name, i.id) END) AS agency
RETURN s.id AS sibling, shared_parent, here + coalesce(there, here) AS stated_by, born(s) AS born_on, last_seen,
       days_between(last_seen, $as_at) AS days, level, agency
UNION ALL
MATCH (c:Person)-[r:RELATED_TO]-(s:Person)
WHERE c.id = $child AND known(r) AND r.relation = 'sibling' AND s.id <> $child
WITH c, s, collect(DISTINCT r.source) AS stated_by
OPTIONAL MATCH (c)<-[a:PARENT_OF]-(p:Person)
WITH s, stated_by, p, CASE WHEN known(a) THEN 1 ELSE 0 END AS parent
OPTIONAL MATCH (p)-[b:PARENT_OF]->(t:Person)
WITH s, stated_by, count(CASE WHEN parent = 1 AND known(b) AND t.id = s.id THEN 1 END) AS shared,
     collect(DISTINCT CASE WHEN parent = 1 AND known(b) AND t.id = s.id THEN p.id END) AS shared_parent
WHERE shared = 0
OPTIONAL MATCH (s)<-[d:ABOUT]-()
WITH s, stated_by, shared_parent, max(CASE WHEN known(d) AND d.level >= $level THEN d.occurred_on END) AS last_seen
OPTIONAL MATCH (s)<-[e:ABOUT]-()
WITH s, stated_by, shared_parent, last_seen, max(CASE WHEN known(e) AND e.level >= $level AND e.occurred_on = last_seen THEN e.level END) AS level
OPTIONAL MATCH (s)<-[f:ABOUT]-(k:Contact)
WITH s, stated_by, shared_parent, last_seen, level, k,
     CASE WHEN known(f) AND f.level = level AND f.occurred_on = last_seen THEN 1 ELSE 0 END AS latest
OPTIONAL MATCH (k)-[:MADE_BY]->(i:Agency)
WITH s, stated_by, shared_parent, last_seen, level, min(CASE WHEN latest = 1 THEN coalesce(i.name, i.id) END) AS agency
RETURN s.id AS sibling, shared_parent, stated_by, born(s) AS born_on, last_seen, days_between(last_seen, $as_at) AS days, level, agency
