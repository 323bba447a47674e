// title: Find a person
// question: Who fits this name, birth date, identifier or address?
// population: people
// parameters:
//   text: {kind: text, default: "", help: "Any of: names in any order, a birth date, an identifier (NHS number, UPN …), a postcode or street. All parts must fit."}
// derived: [asks_record, asks_both, asks_born, asks_name, words, sounds, born, swapped, identifier, asks_place, postcode, street]
// columns:
//   person: {kind: person, doc: The person.}
//   born_on: {kind: date, doc: "Birth date, where known."}
//   matched_by: {kind: text, doc: "What fitted: identifier, name, birth date, how the name sounds, day and month swapped, address, former address."}
//   place: {kind: place, doc: Latest address that a source states and that is not only claimed.}
//   last_seen: {kind: date, doc: Last sighting in person (level 3 or more).}
//   records: {kind: int, doc: Records of this person known by then.}
//   rank: {kind: int, doc: Best match first., hidden: true}
// sort: [rank, person]
// once: person
// most: 100
// caveats:
//   - Names, birth dates and identifiers are those of records known by the day asked.
//   - A protected address is never searched.
//   - The hundred best matches at most.
MATCH (r:Record)-[:IDENTIFIES]->(p:Person)
WHERE known(r) AND $asks_record = 1
  AND ($asks_born = 0 OR r.born_on = $born OR r.born_on = $swapped)
  AND ($identifier = '' OR lower(' ' + r.identifiers + ' ') CONTAINS $identifier)
  AND ($asks_name = 0
       OR all(word IN $words WHERE (' ' + r.name_key) CONTAINS word)
       OR all(sound IN $sounds WHERE (' ' + r.sound_key + ' ') CONTAINS sound))
WITH p, min(CASE WHEN $identifier <> '' THEN 0
                 WHEN $asks_name = 0 THEN CASE WHEN r.born_on = $born THEN 2 ELSE 4 END
                 WHEN all(word IN $words WHERE (' ' + r.name_key) CONTAINS word)
                   THEN CASE WHEN $asks_born = 0 OR r.born_on = $born THEN 1 ELSE 4 END
                 ELSE CASE WHEN $asks_born = 0 OR r.born_on = $born THEN 3 ELSE 5 END END) AS rank
WITH p, rank ORDER BY rank, p.id LIMIT 100
OPTIONAL MATCH (p)<-[:IDENTIFIES]-(s:Record)
WHERE known(s)
WITH p, rank, count(DISTINCT s.id) AS records
OPTIONAL MATCH (p)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 3
WITH p, rank, records, max(a.occurred_on) AS last_seen
OPTIONAL MATCH (p)-[l:LIVES_AT]->()
WHERE open(l) AND l.basis <> 'claimed'
WITH p, rank, records, last_seen, max(coalesce(l.valid_from, l.known_on)) AS since
OPTIONAL MATCH (p)-[m:LIVES_AT]->(h:Address)
WHERE open(m) AND m.basis <> 'claimed'
WITH p, rank, records, last_seen, min(CASE WHEN coalesce(m.valid_from, m.known_on) = since THEN h.id END) AS place
RETURN p.id AS person, born(p) AS born_on,
       CASE rank WHEN 0 THEN 'identifier' WHEN 1 THEN 'name' WHEN 2 THEN 'birth date' WHEN 3 THEN 'how the name sounds'
            WHEN 4 THEN 'day and month swapped' ELSE 'how the name sounds, day and month swapped' END AS matched_by,
       place, last_seen, records, rank
UNION ALL
MATCH (h:Address)<-[l:LIVES_AT]-(p:Person)
WHERE known(l) AND $asks_place = 1
  AND (h.postcode = $postcode OR $postcode = '') AND ($street = '' OR (' ' + h.search_key) CONTAINS $street)
WITH p, min(CASE WHEN open(l) THEN 6 ELSE 7 END) AS rank
MATCH (p)<-[:IDENTIFIES]-(r:Record)
WHERE known(r)
  AND ($asks_both = 0
       OR (($asks_born = 0 OR r.born_on = $born OR r.born_on = $swapped)
           AND ($identifier = '' OR lower(' ' + r.identifiers + ' ') CONTAINS $identifier)
           AND ($asks_name = 0
                OR all(word IN $words WHERE (' ' + r.name_key) CONTAINS word)
                OR all(sound IN $sounds WHERE (' ' + r.sound_key + ' ') CONTAINS sound))))
WITH DISTINCT p, rank ORDER BY rank, p.id LIMIT 100
OPTIONAL MATCH (p)<-[:IDENTIFIES]-(s:Record)
WHERE known(s)
WITH p, rank, count(DISTINCT s.id) AS records
OPTIONAL MATCH (p)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 3
WITH p, rank, records, max(a.occurred_on) AS last_seen
OPTIONAL MATCH (p)-[e:LIVES_AT]->()
WHERE open(e) AND e.basis <> 'claimed'
WITH p, rank, records, last_seen, max(coalesce(e.valid_from, e.known_on)) AS since
OPTIONAL MATCH (p)-[m:LIVES_AT]->(g:Address)
WHERE open(m) AND m.basis <> 'claimed'
WITH p, rank, records, last_seen, min(CASE WHEN coalesce(m.valid_from, m.known_on) = since THEN g.id END) AS place
RETURN p.id AS person, born(p) AS born_on, CASE rank WHEN 6 THEN 'address' ELSE 'former address' END AS matched_by,
       place, last_seen, records, rank
