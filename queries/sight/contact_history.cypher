// title: One child's contacts
// question: Who was in contact about this child, when, and who was seen and who was not?
// population: person
// parameters:
//   child: {kind: person, help: "The child (or any other person): a record id, an identifier or a name that only one has."}
// columns:
//   occurred_on: {kind: date, doc: Day of the contact.}
//   known_on: {kind: date, doc: Day its source knew of it.}
//   kind: {kind: text, doc: Kind of contact.}
//   agency: {kind: text, doc: Agency that made or received it.}
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
MATCH (c:Person)<-[a:ABOUT]-(k:Contact)
WHERE c.id = $child AND known(a)
WITH k, a.role AS role, a.level AS level, a.row AS row, coalesce(a.at_home, false) AS home
OPTIONAL MATCH (k)-[:AT]->(h:Address)
WITH k, role, level, row, home, min(h.id) AS place
WHERE NOT home OR place IS NULL
OPTIONAL MATCH (k)-[:MADE_BY]->(g:Agency)
WITH k, role, level, row, place, min(coalesce(g.name, g.id)) AS agency
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH k, role, level, row, place, agency, min(coalesce(w.name, w.id)) AS worker
OPTIONAL MATCH (k)-[b:ABOUT]->(o:Person)
WHERE known(b)
WITH k, role, level, row, place, agency, worker,
     collect(DISTINCT CASE WHEN b.level >= 3 AND o.id <> $child THEN o.id END) AS seen_too,
     collect(DISTINCT CASE WHEN b.level < 3 AND o.id <> $child THEN o.id END) AS not_seen
RETURN k.occurred_on AS occurred_on, k.known_on AS known_on, k.kind AS kind, agency, worker, k.source AS source, role, level,
       k.outcome AS outcome, place, seen_too, not_seen, k.reported_by AS reported_by, k.id AS contact, row
UNION ALL
MATCH (c:Person)<-[a:ABOUT]-(k:Contact)
WHERE c.id = $child AND known(a) AND a.at_home
WITH k, a.role AS role, a.level AS level, a.row AS row
MATCH (k)-[:AT]->(h:Address)
WITH k, role, level, row, h
MATCH (h)<-[:AT]-(v:Contact)
WITH k, role, level, row, h, v
MATCH (v)-[b:ABOUT]->(o:Person)
WHERE known(b) AND b.occurred_on = k.occurred_on AND b.source = k.source
WITH k, role, level, row, min(h.id) AS place,
     collect(DISTINCT CASE WHEN b.level >= 3 AND o.id <> $child THEN o.id END) AS seen_too,
     collect(DISTINCT CASE WHEN b.level < 3 AND o.id <> $child THEN o.id END) AS not_seen
OPTIONAL MATCH (k)-[:MADE_BY]->(g:Agency)
WITH k, role, level, row, place, seen_too, not_seen, min(coalesce(g.name, g.id)) AS agency
OPTIONAL MATCH (k)-[:MADE_IN_PERSON_BY]->(w:Professional)
WITH k, role, level, row, place, seen_too, not_seen, agency, min(coalesce(w.name, w.id)) AS worker
RETURN k.occurred_on AS occurred_on, k.known_on AS known_on, k.kind AS kind, agency, worker, k.source AS source, role, level,
       k.outcome AS outcome, place, seen_too, not_seen, k.reported_by AS reported_by, k.id AS contact, row
