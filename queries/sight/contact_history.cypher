// title: One child's contacts
// question: Who was in contact about this child, when, and who was seen and who was not?
// population: person
// parameters:
//   child: {kind: person, help: "The child (or any other person): a record id, an identifier or a name that only one has."}
// columns:
//   occurred_on: {kind: date, doc: Day of the contact.}
//   known_on: {kind: date, doc: Day its source knew of it.}
//   kind: {kind: text, doc: Kind of contact.}
//   agency: {kind: agency, doc: Agency that made or received it.}
//   worker: {kind: text, doc: Worker named.}
//   source: {kind: text, doc: Source of the row.}
//   role: {kind: text, doc: "This person's part in it: subject, present, listed, speaker, spoken_about."}
//   level: {kind: int, doc: "How much of this person was seen, 0 to 5; none where the source is silent or the kind does not try."}
//   outcome: {kind: text, doc: Outcome as stated.}
//   place: {kind: place, doc: Where.}
//   seen_too: {kind: people, doc: "Others seen in person at this contact, or by the same source at the same home on the same day."}
//   not_seen: {kind: people, doc: "Others it was about and did not see, likewise."}
//   reported_by: {kind: text, doc: Who reported it.}
//   contact: {kind: text, doc: Id of the contact.}
//   row: {kind: row, doc: "Load, file and line."}
// sort: [-occurred_on, -known_on, contact]
// caveats:
//   - Contacts of agencies whose extracts are not loaded are not here.
//   - A contact known later than the day asked is not shown.
//   - Attendance is one contact a month, on the last day present.
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-(k:Contact)
WHERE c.id = $child AND known(a)
WITH a, k
OPTIONAL MATCH (k)-[:AT]->(h:Address)
WITH a, k, h
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH a, k, h, w
OPTIONAL MATCH (k)-[b:ABOUT]->(o:Person)
WHERE known(b)
WITH a, k, min(h.id) AS place, min(coalesce(w.name, w.id)) AS worker,
     collect(DISTINCT CASE WHEN b.level >= 3 AND o.id <> $child THEN o.id END) AS seen_too,
     collect(DISTINCT CASE WHEN b.level < 3 AND o.id <> $child THEN o.id END) AS not_seen
WHERE a.known_on IS NOT NULL AND (place IS NULL OR NOT coalesce(a.at_home, false))
RETURN k.occurred_on AS occurred_on, k.known_on AS known_on, k.kind AS kind, a.agency AS agency, worker, k.source AS source, a.role AS role, a.level AS level,
       k.outcome AS outcome, place, seen_too, not_seen, k.reported_by AS reported_by, k.id AS contact, a.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-(k:Contact)
WHERE c.id = $child AND known(a) AND a.at_home
WITH a, k
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH a, k, w
OPTIONAL MATCH (k)-[:AT]->(h:Address)
WITH a, k, h, w
OPTIONAL MATCH (h)<-[:AT]-(v:Contact)
WITH a, k, h, w, v
OPTIONAL MATCH (v)-[b:ABOUT]->(o:Person)
WHERE known(b)
WITH a, k, min(h.id) AS place, min(coalesce(w.name, w.id)) AS worker,
     collect(DISTINCT CASE WHEN b.occurred_on = k.occurred_on AND b.source = k.source AND b.level >= 3 AND o.id <> $child THEN o.id END) AS seen_too,
     collect(DISTINCT CASE WHEN b.occurred_on = k.occurred_on AND b.source = k.source AND b.level < 3 AND o.id <> $child THEN o.id END) AS not_seen
WHERE place IS NOT NULL
RETURN k.occurred_on AS occurred_on, k.known_on AS known_on, k.kind AS kind, a.agency AS agency, worker, k.source AS source, a.role AS role, a.level AS level,
       k.outcome AS outcome, place, seen_too, not_seen, k.reported_by AS reported_by, k.id AS contact, a.row AS row
