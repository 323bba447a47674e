// title: Birth not registered
// question: Which children were expected or born, and are not on the births register?
// population: children
// signal: G22
// duty: hard
// clears: "The birth is on the register, or the birth, the loss or the move elsewhere becomes known."
// window: days
// derived: [births_turns]
// parameters:
//   days: {kind: int, default: 43, least: 1, most: 400, help: "Day after birth from which an unregistered child is listed; the law gives 42 days."}
//   due: {kind: int, default: 28, least: 0, most: 200, help: "Days after the due date without a birth or loss known, after which a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which this held.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the birth notification, or of the mother's record that expects the child."}
//   band: {kind: text, doc: Age band., hidden: true}
//   due_on: {kind: date, doc: "Due date, where no birth is known."}
//   born_on: {kind: date, doc: "Birth date as notified, where no registration is known."}
//   days: {kind: int, doc: Days since then.}
// sort: [-days, child]
// once: child
// sentence:
//   - "Born on {born_on}, as notified; no registration of the birth known."
//   - "Due on {due_on}; no birth and no loss known."
// rule_out: ["A loss or a stillbirth: handle with great care.", A birth elsewhere., A delay at the registrar's.]
// check: ["A midwife asks quietly first; never an automatic letter."]
// needs: {"0-4": [births], "5-15": [births], "16-17": [births, maternity]}
// helps: [maternity]
// caveats:
//   - "A birth counts as unregistered only where the births register is loaded for all days from birth to the last one allowed."
//   - A child expected by a source whose later extracts are not loaded stays expected.
MATCH (c:Person)<-[p:PARENT_OF]-(:Person)
WHERE child(c) AND unborn(c) AND days_between(c.expected_on, $as_at) > $due AND known(p)
WITH c, collect(DISTINCT p.row) AS rows, plus_days(c.expected_on, $due + 1) AS due
RETURN c.id AS child, CASE WHEN c.child_from > due THEN c.child_from ELSE due END AS since, c.expected_known_on AS known_on, rows,
       age_band(c) AS band, c.expected_on AS due_on, born(c) AS born_on, days_between(c.expected_on, $as_at) AS days
UNION ALL
MATCH (c:Person)<-[b:ABOUT]-()
WHERE child(c) AND known(b) AND b.kind = 'birth'
WITH c, coalesce(born(c), b.occurred_on) AS day, min(b.known_on) AS known_on, collect(DISTINCT b.row) AS rows
WHERE days_between(day, $as_at) >= $days
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(:Agency)
WHERE known(r) AND r.register = 'births'
WITH c, day, known_on, rows, count(r) AS entries
WHERE entries = 0
UNWIND $births_turns AS turn
WITH c, day, known_on, rows, count(CASE WHEN turn <= day THEN 1 END) AS turns, count(CASE WHEN turn < plus_days(day, $days) THEN 1 END) AS later
WHERE turns = later AND turns % 2 = 1
WITH c, day, known_on, rows, plus_days(day, $days) AS due
RETURN c.id AS child, CASE WHEN known_on > due THEN known_on ELSE due END AS since, known_on, rows, age_band(c) AS band,
       CASE WHEN c.id = '' THEN day END AS due_on, day AS born_on, days_between(day, $as_at) AS days
