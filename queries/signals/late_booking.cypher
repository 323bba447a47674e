// title: Pregnancy booked late, or never
// question: For which children was the pregnancy first booked at 20 weeks or later, or not at all before a birth in the area?
// population: children
// signal: G15
// event: true
// duty: offer
// clears: "A person closes it, having asked the midwife."
// window: 280
// derived: [maternity_turns]
// parameters:
//   weeks: {kind: int, default: 20, least: 0, most: 42, help: Weeks of pregnancy from which a first booking counts as late.}
// columns:
//   child: {kind: person, doc: "The child, born or expected."}
//   since: {kind: date, doc: Day on which it was known.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the booking, or of the birth notification."}
//   band: {kind: text, doc: Age band., hidden: true}
//   booked_on: {kind: date, doc: "First booking, where there was one."}
//   due_on: {kind: date, doc: "Due date, where one was known."}
//   at_weeks: {kind: int, doc: Whole weeks of pregnancy at that booking.}
//   born_on: {kind: date, doc: "Birth as notified, where no booking came before it."}
// sort: [-since, child]
// once: child
// sentence:
//   - "First antenatal booking on {booked_on}, at {at_weeks} weeks; due on {due_on}."
//   - "Birth on {born_on} notified with no antenatal booking known before it."
// rule_out: [A recent arrival., A pregnancy that nobody noticed., Fear of services.]
// check: ["The midwife asks; a pre-birth assessment only where there are other concerns."]
// helps: [maternity]
// caveats:
//   - A booking made in another area is not known here.
//   - "A booking whose pregnancy has no due date can't be judged; no booking at all counts only where maternity is loaded for the 280 days before the birth."
MATCH (m:Person)<-[b:ABOUT]-()
WHERE known(b) AND b.kind = 'booking'
WITH m, b
MATCH (m)-[p:PARENT_OF]->(c:Person)
WHERE child(c) AND known(p) AND c.expected_known_on <= $as_at
WITH c, b.occurred_on AS booked, b.row AS row, c.expected_on AS due, days_between(b.occurred_on, c.expected_on) AS ahead,
     CASE WHEN p.known_on > b.known_on THEN p.known_on ELSE b.known_on END AS told, c.expected_known_on AS heard
WHERE ahead <= 300 AND ahead >= -28 AND (born(c) IS NULL OR born(c) >= booked)
WITH c, min(CASE WHEN ahead > 280 - 7 * $weeks THEN told END) AS early,
     min(CASE WHEN ahead <= 280 - 7 * $weeks THEN CASE WHEN heard > told THEN heard ELSE told END END) AS since,
     max(CASE WHEN ahead <= 280 - 7 * $weeks THEN CASE WHEN heard > told THEN heard ELSE told END END) AS known_on,
     min(CASE WHEN ahead <= 280 - 7 * $weeks THEN booked END) AS booked_on, max(due) AS due_on,
     min(CASE WHEN ahead <= 280 - 7 * $weeks THEN (280 - ahead) / 7 END) AS at_weeks, max(CASE WHEN ahead > 300 THEN booked END) AS born_on,
     collect(DISTINCT CASE WHEN ahead <= 280 - 7 * $weeks THEN row END) AS rows
WHERE since IS NOT NULL AND (early IS NULL OR early > since)
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, booked_on, due_on, at_weeks, born_on
UNION ALL
MATCH (c:Person)<-[b:ABOUT]-()
WHERE child(c) AND known(b) AND b.kind = 'birth'
WITH c, b.occurred_on AS born_on, min(b.known_on) AS since, max(b.known_on) AS known_on, collect(DISTINCT b.row) AS rows
OPTIONAL MATCH (c)<-[p:PARENT_OF]-(m:Person)
WHERE known(p)
WITH c, since, known_on, born_on, rows, m, min(p.known_on) AS tied
OPTIONAL MATCH (m)<-[k:ABOUT]-()
WHERE known(k) AND k.kind = 'booking'
WITH c, since, known_on, born_on, rows, 
     count(CASE WHEN k.known_on <= since AND tied <= since AND k.occurred_on <= born_on AND days_between(k.occurred_on, born_on) <= 300
                THEN 1 END) AS bookings
WHERE bookings = 0
UNWIND $maternity_turns AS turn
WITH c, since, known_on, born_on, rows, count(CASE WHEN days_between(turn, born_on) >= 280 THEN 1 END) AS turns, count(CASE WHEN turn <= born_on THEN 1 END) AS later
WHERE turns = later AND turns % 2 = 1
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, CASE WHEN turns = 0 THEN born_on END AS booked_on,
       CASE WHEN turns = 0 THEN born_on END AS due_on, CASE WHEN turns = 0 THEN later END AS at_weeks, born_on
