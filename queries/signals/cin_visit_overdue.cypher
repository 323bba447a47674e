// title: Child in need without a visit
// question: Which children in need has no social worker seen within the local interval?
// population: children
// signal: P01
// duty: hard
// clears: "A social worker sees the child (level 4 or more), or the plan ends."
// window: days
// sentence:
//   - "Child in need: no social worker has seen the child since {last_visit}; a visit was due within {allowed} days."
//   - "Child in need since {started}: no social worker has seen the child since then; a visit was due within {allowed} days."
// rule_out: [A visit written up late, A visit recorded under another case or by a contracted team, The plan ended and the closure is not in the extract]
// check: [Ask the allocated worker for the date and place of the last visit, Arrange a visit at which the child is seen]
// parameters:
//   days: {kind: int, default: 28, least: 1, most: 365, help: "Days between two visits (no national interval; local rules are commonly 20 working days or 4 weeks)."}
//   grace: {kind: int, default: 7, least: 0, most: 90, help: Days of grace after it.}
//   level: {kind: int, default: 4, least: 1, most: 5, help: "The least that counts as a visit: 4 seen for the visit's purpose."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which the visit was overdue.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Rows of the plan and of the last visit."}
//   band: {kind: text, doc: Age band., hidden: true}
//   started: {kind: date, doc: Start of the plan.}
//   last_visit: {kind: date, doc: Last visit at which a social worker saw the child since then.}
//   allowed: {kind: int, doc: Days allowed.}
// sort: [since, child]
// needs: {"0-4": [social_care_contacts], "5-15": [social_care_contacts], "16-17": [social_care_contacts]}
// caveats:
//   - The clock starts with the plan; a visit before it does not count.
//   - Only visits made by children's social care count, not core groups and not other agencies' sightings.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND open(i) AND i.status = 'cin'
WITH c, max(coalesce(i.valid_from, i.known_on)) AS started, max(i.known_on) AS told, collect(DISTINCT i.row) AS plan
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level AND a.agency_kind = 'social_care'
WITH c, started, told, plan, max(CASE WHEN a.occurred_on >= started THEN a.occurred_on END) AS last_visit
WITH c, started, told, plan, last_visit, coalesce(last_visit, started) AS clock
WHERE days_between(clock, $as_at) > $days + $grace
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= $level AND b.agency_kind = 'social_care'
WITH c, started, told, plan, last_visit, clock, max(CASE WHEN b.occurred_on = last_visit THEN b.known_on END) AS heard,
     collect(DISTINCT CASE WHEN b.occurred_on = last_visit THEN b.row END) AS visits
WITH c, started, told, plan, last_visit, visits, CASE WHEN heard > told THEN heard ELSE told END AS known,
     plus_days(clock, $days + $grace + 1) AS due
RETURN c.id AS child, CASE WHEN told > due THEN told ELSE due END AS since, known AS known_on, plan + coalesce(visits, plan) AS rows,
       age_band(c) AS band, started, last_visit, $days + $grace AS allowed
