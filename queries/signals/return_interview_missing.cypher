// title: Return interview not held
// question: Which children came back from a missing episode and were not offered a return interview in time?
// population: children
// signal: P06
// duty: hard
// clears: "A return interview on or after the day of the return."
// window: days
// sentence:
//   - "Came back on {returned} from a missing episode; no return interview is on record since."
// rule_out: [The interview was held and is written up late, "The child declined: record that it was offered"]
// check: [Ask who is to hold the interview and when, Speak to the child alone about where and with whom they were]
// parameters:
//   hours: {kind: int, default: 72, least: 24, most: 720, help: Hours after the return within which it is due.}
//   days: {kind: int, default: 90, least: 1, most: 365, help: Days for which an episode's end is looked back to.}
// derived: [latest_return]
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which the interview was overdue.}
//   known_on: {kind: date, doc: Day the return was known.}
//   rows: {kind: rows, doc: Rows of the episodes.}
//   band: {kind: text, doc: Age band., hidden: true}
//   returned: {kind: date, doc: Latest return without an interview.}
// sort: [since, child]
// helps: [police_notices, social_care_contacts]
// caveats:
//   - Sources give days, not hours, so 72 hours are three whole days after the day of return.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND ended(i) AND i.status = 'missing' AND i.valid_to <= $latest_return
  AND days_between(i.valid_to, $as_at) <= $days
WITH c, max(i.valid_to) AS returned, max(i.end_known_on) AS told, collect(DISTINCT i.row) AS rows
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.kind = 'return_interview' AND a.level >= 2
WITH c, returned, told, rows, count(CASE WHEN a.occurred_on >= returned THEN 1 END) AS held
WHERE held = 0
WITH c, told, rows, returned, plus_days(returned, days_between($latest_return, $as_at)) AS due
RETURN c.id AS child, CASE WHEN told > due THEN told ELSE due END AS since, told AS known_on, rows, age_band(c) AS band, returned
