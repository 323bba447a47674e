// title: Earlier child removed or on a plan
// question: Was an earlier child of a parent, or of an adult in the home, on a protection plan or looked after, while this child has no plan or assessment?
// population: children
// signal: G16
// duty: offer
// clears: "A plan or assessment of this child's own, or the link to the adult turning out wrong."
// window: days
// sentence:
//   - "Another child of the same parent or household was {status} from {began}; no plan or assessment is on record for this child."
// rule_out: [Circumstances have changed, This parent was the protective one, The co-resident adult has moved out]
// check: [Read the old file, Ask whether a new or pre-birth assessment by a social worker is needed]
// parameters:
//   days: {kind: int, default: 3652, least: 1, most: 6600, help: Days for which an earlier plan or care episode counts (ten years).}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: Day the latest of these facts was known.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: Rows of the other child's plan and of the links.}
//   band: {kind: text, doc: Age band., hidden: true}
//   began: {kind: date, doc: Latest start of the other child's plan or care.}
//   status: {kind: words, doc: "What the other child was: on a protection plan, looked after."}
// sort: [since, child]
// needs: {"0-4": [social_care_contacts], "5-15": [social_care_contacts], "16-17": [social_care_contacts]}
// caveats:
//   - Links go through stated parents, and through adults stated at the child's home now; never through a protected address.
//   - The other child is not named here; the rows lead to the file.
MATCH (o:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE known(i) AND i.status IN ['cp', 'cla'] AND days_between(coalesce(i.valid_from, i.known_on), $as_at) <= $days
WITH o, max(coalesce(i.valid_from, i.known_on)) AS began, max(i.known_on) AS told, collect(DISTINCT i.row) AS plan,
     collect(DISTINCT CASE i.status WHEN 'cp' THEN 'on a protection plan' ELSE 'looked after' END) AS status
MATCH (a:Person)-[p:PARENT_OF]->(o)
WHERE known(p)
WITH o, began, status, told, plan, a, max(p.known_on) AS heard, min(p.row) AS tie
MATCH (a)-[q:PARENT_OF]->(c:Person)
WHERE child(c) AND known(q)
WITH o, c, began, status, told, plan, heard, tie, q
WHERE c.id <> o.id
WITH c, began, status, told, plan, heard, tie, max(q.known_on) AS last, min(q.row) AS link
OPTIONAL MATCH (c)-[n:INVOLVED_WITH]->()
WHERE open(n) AND n.status IN ['assessment', 'cin', 'cp', 'cla', 's47']
WITH c, began, status, told, plan, heard, tie, last, link, count(n.key) AS plans
WHERE plans = 0
WITH c, began, status, plan, tie, link,
     CASE WHEN last > told AND last >= heard THEN last WHEN heard > told THEN heard ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, plan + [tie, link] AS rows, age_band(c) AS band, began, status
UNION ALL
MATCH (o:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE known(i) AND i.status IN ['cp', 'cla'] AND days_between(coalesce(i.valid_from, i.known_on), $as_at) <= $days
WITH o, max(coalesce(i.valid_from, i.known_on)) AS began, max(i.known_on) AS told, collect(DISTINCT i.row) AS plan,
     collect(DISTINCT CASE i.status WHEN 'cp' THEN 'on a protection plan' ELSE 'looked after' END) AS status
MATCH (a:Person)-[p:PARENT_OF]->(o)
WHERE known(p)
WITH o, began, status, told, plan, a, max(p.known_on) AS heard, min(p.row) AS tie
MATCH (a)-[l:LIVES_AT]->(h:Address)
WHERE open(l) AND l.basis <> 'claimed' AND h.kind = 'property' AND NOT coalesce(h.protected, false)
WITH o, began, status, told, plan, heard, tie, h, max(l.known_on) AS moved, min(l.row) AS home
MATCH (h)<-[m:LIVES_AT]-(c:Person)
WHERE child(c) AND open(m) AND m.basis <> 'claimed'
WITH o, c, began, status, told, plan, heard, tie, moved, home, m
WHERE c.id <> o.id
WITH c, began, status, told, plan, heard, tie, moved, home, max(m.known_on) AS last, min(m.row) AS link
OPTIONAL MATCH (c)-[n:INVOLVED_WITH]->()
WHERE open(n) AND n.status IN ['assessment', 'cin', 'cp', 'cla', 's47']
WITH c, began, status, told, plan, heard, tie, moved, home, last, link, count(n.key) AS plans
WHERE plans = 0
WITH c, began, status, plan, tie, home, link,
     CASE WHEN last >= moved AND last >= heard AND last >= told THEN last WHEN moved >= heard AND moved >= told THEN moved
          WHEN heard > told THEN heard ELSE told END AS known
RETURN c.id AS child, plus_days(known, 0) AS since, known AS known_on, plan + [tie, home, link] AS rows, age_band(c) AS band, began, status
