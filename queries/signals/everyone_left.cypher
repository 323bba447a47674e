// title: Services left together, and the child not seen
// question: For which children did several agencies end their registration or involvement together, with no sighting before?
// population: children
// signal: G20
// event: true
// duty: offer
// clears: "A person closes it, having asked who confirmed the move and who leads now."
// window: days
// parameters:
//   agencies: {kind: int, default: 3, least: 2, most: 20, help: Different agencies that left.}
//   days: {kind: int, default: 90, least: 1, most: 6600, help: Days from the first end to the last at most.}
//   handover: {kind: int, default: 90, least: 0, most: 6600, help: "Days before or after an end in which the same register or status opened with another agency: then that end does not count."}
//   unseen: {kind: int, default: 90, least: 0, most: 6600, help: Days before the last end without a sighting.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: Day on which the last end that it takes was known.}
//   known_on: {kind: date, doc: The same of the latest such departure.}
//   rows: {kind: rows, doc: "Load, file and line of every end that counts."}
//   band: {kind: text, doc: Age band., hidden: true}
//   left: {kind: int, doc: Different agencies that left together; the most at one time.}
//   first_left_on: {kind: date, doc: First of those ends.}
//   last_left_on: {kind: date, doc: Last of those ends.}
// sort: [since, child]
// sentence:
//   - "{left} agencies ended a registration or an involvement between {first_left_on} and {last_left_on}; no loaded agency saw the child in the time before the last of them."
// rule_out:
//   - A true move, with a handover that is not loaded.
//   - A step down that was planned.
// check:
//   - Ask who confirmed the move.
//   - See that one service opens its file again and takes the lead.
// helps: [gp_list, school_roll, health_visiting_caseload, social_care_contacts, missing_education, early_years, attendance]
// caveats:
//   - "Each end counts on the day it took effect (its first day no longer held), and is known once both that day and the day its source knew of it have come."
//   - "An end does not count where the same register (or the same status of an involvement) opened with another agency within 90 days before or after it, as known on the day of judging; the same agency opening again is no handover."
//   - "It is judged on the day on which the last needed end was known. A sighting (level 3 or more) on the day of the last end or in the 90 days before it, known by then, stands against it; one after the last end does not."
//   - What became known later, a sighting, an opening or a correction, does not undo it; the withdrawal of one of its own rows does.
//   - Leaving one list because of age or at the end of school counts like any other end.
MATCH (c:Person)-[z:REGISTERED_WITH|INVOLVED_WITH]->(g:Agency)
WHERE child(c) AND NOT unborn(c) AND ended(z)
WITH c, count(DISTINCT g.id) AS parted
WHERE parted >= $agencies
MATCH (c)-[x:REGISTERED_WITH|INVOLVED_WITH]->(:Agency)
WHERE ended(x)
WITH DISTINCT c, CASE WHEN x.end_known_on >= x.valid_to AND x.end_known_on >= x.known_on THEN x.end_known_on
                      WHEN x.known_on > x.valid_to THEN x.known_on ELSE x.valid_to END AS judged_on
MATCH (c)-[y:REGISTERED_WITH|INVOLVED_WITH]->(:Agency)
WHERE ended(y)
WITH c, y, judged_on
WHERE y.end_known_on <= judged_on AND y.known_on <= judged_on AND y.valid_to <= judged_on
WITH DISTINCT c, judged_on, y.valid_to AS last_on
MATCH (c)-[w:REGISTERED_WITH|INVOLVED_WITH]->(h:Agency)
WHERE ended(w)
WITH c, w, h, judged_on, last_on
WHERE w.end_known_on <= judged_on AND w.known_on <= judged_on AND w.valid_to <= last_on AND days_between(w.valid_to, last_on) <= $days
WITH c, judged_on, last_on, w.key AS key, w.row AS row, h.id AS agency, w.valid_to AS left_on,
     CASE WHEN w.end_known_on >= w.valid_to AND w.end_known_on >= w.known_on THEN w.end_known_on
          WHEN w.known_on > w.valid_to THEN w.known_on ELSE w.valid_to END AS told
OPTIONAL MATCH (c)-[p:REGISTERED_WITH]->(:Agency)
WHERE known(p)
WITH c, judged_on, last_on, key, row, agency, left_on, told, min(CASE WHEN p.key = key THEN p.register END) AS register
OPTIONAL MATCH (c)-[i:INVOLVED_WITH]->(:Agency)
WHERE known(i)
WITH c, judged_on, last_on, key, row, agency, left_on, told, register, min(CASE WHEN i.key = key THEN i.status END) AS status
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(n:Agency)
WITH c, judged_on, last_on, key, row, agency, left_on, told, status,
     count(CASE WHEN known(r, judged_on) AND r.register = register AND n.id <> agency
                     AND abs(days_between(r.valid_from, left_on)) <= $handover THEN 1 END) AS registered
WHERE registered = 0
OPTIONAL MATCH (c)-[j:INVOLVED_WITH]->(m:Agency)
WITH c, judged_on, last_on, key, row, agency, left_on, told,
     count(CASE WHEN known(j, judged_on) AND j.status = status AND m.id <> agency
                     AND abs(days_between(j.valid_from, left_on)) <= $handover THEN 1 END) AS involved
WHERE involved = 0
OPTIONAL MATCH (c)<-[s:ABOUT]-()
WHERE s.level >= 3
WITH c, judged_on, last_on, key, row, agency, left_on, told,
     count(CASE WHEN known(s, judged_on) AND s.occurred_on <= last_on AND days_between(s.occurred_on, last_on) <= $unseen THEN 1 END) AS seen
WHERE seen = 0
WITH c, judged_on, last_on, min(left_on) AS first_left_on, max(left_on) AS last_left_on, max(told) AS told,
     count(DISTINCT agency) AS parted, collect(DISTINCT row) AS parting_rows
WHERE parted >= $agencies AND last_left_on = last_on AND told = judged_on
UNWIND parting_rows AS ended_row
WITH c, min(judged_on) AS since, max(judged_on) AS known_on, max(parted) AS left, min(first_left_on) AS first_left_on,
     max(last_left_on) AS last_left_on, collect(DISTINCT ended_row) AS rows
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, left, first_left_on, last_left_on
