// title: Child on a protection plan without a visit
// question: Which children on a child protection plan has no social worker seen in time, or not at the last two visits?
// population: children
// signal: P02
// duty: hard
// clears: "A social worker sees the child (level 4 or more), or the plan ends."
// window: days
// sentence:
//   - "Child protection plan: not seen at the last {missed} visits; last seen by a social worker on {last_visit}."
//   - "Child protection plan: not seen at any of {missed} visits since the plan began on {started}."
//   - "Child protection plan: no social worker has seen the child since {last_visit}; a visit was due within {allowed} days."
//   - "Child protection plan since {started}: no social worker has seen the child since then; a visit was due within {allowed} days."
// rule_out: [A visit written up late, The child was seen at a core group (which does not count as a visit), The plan ended and the closure is not in the extract]
// check: [Ask the allocated worker when the child was last seen and whether alone, Arrange a visit now at which the child is seen, alone where that is right]
// parameters:
//   days: {kind: int, default: 14, least: 1, most: 365, help: "Days between two visits (no national interval; local minimum is commonly 10 working days)."}
//   grace: {kind: int, default: 3, least: 0, most: 90, help: Days of grace after it.}
//   visits: {kind: int, default: 2, least: 1, most: 20, help: Visits running at which the child was not seen.}
//   level: {kind: int, default: 4, least: 1, most: 5, help: "The least that counts as seen: 4 seen for the visit's purpose."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: "First day on which the visit was overdue, or day on which the last of the visits without sight was known."}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Rows of the plan, of the last visit and of the visits without sight."}
//   band: {kind: text, doc: Age band., hidden: true}
//   started: {kind: date, doc: Start of the plan.}
//   last_visit: {kind: date, doc: Last visit at which a social worker saw the child since then.}
//   missed: {kind: int, doc: "Visits since then at which the child was not seen, where they are enough to fire."}
//   allowed: {kind: int, doc: Days allowed.}
// sort: [since, child]
// needs: {"0-4": [social_care_contacts], "5-15": [social_care_contacts], "16-17": [social_care_contacts]}
// caveats:
//   - The clock starts with the plan; a visit before it does not count.
//   - Only visits made by children's social care count; a contact of a kind other than a home visit is not a visit missed.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND open(i) AND i.status = 'cp'
WITH c, max(coalesce(i.valid_from, i.known_on)) AS started, max(i.known_on) AS told, collect(DISTINCT i.row) AS plan
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level AND a.agency_kind = 'social_care'
WITH c, started, told, plan, max(CASE WHEN a.occurred_on >= started THEN a.occurred_on END) AS last_visit
WITH c, started, told, plan, last_visit, coalesce(last_visit, started) AS clock
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.agency_kind = 'social_care'
WITH c, started, told, plan, last_visit, clock, max(CASE WHEN b.occurred_on = last_visit AND b.level >= $level THEN b.known_on END) AS heard,
     count(CASE WHEN b.kind = 'visit' AND b.level < $level AND (b.occurred_on > clock OR (last_visit IS NULL AND b.occurred_on >= clock)) THEN 1 END) AS empty,
     max(CASE WHEN b.kind = 'visit' AND b.level < $level AND b.occurred_on >= clock THEN b.known_on END) AS empty_known,
     collect(DISTINCT CASE WHEN b.occurred_on >= clock AND (b.level >= $level OR b.kind = 'visit') THEN b.row END) AS visits
WHERE empty >= $visits OR days_between(clock, $as_at) > $days + $grace
WITH c, started, last_visit, plan, visits, clock, told, CASE WHEN empty >= $visits THEN empty END AS missed,
     CASE WHEN empty >= $visits THEN empty_known END AS fired,
     CASE WHEN coalesce(heard, told) > told THEN heard ELSE told END AS last_known, plus_days(clock, $days + $grace + 1) AS late
WITH c, started, last_visit, plan, visits, missed, fired, last_known, CASE WHEN told > late THEN told ELSE late END AS due
RETURN c.id AS child, CASE WHEN fired < due OR due > $as_at THEN fired ELSE due END AS since,
       CASE WHEN fired > last_known THEN fired ELSE last_known END AS known_on, plan + coalesce(visits, plan) AS rows, age_band(c) AS band, started,
       last_visit, missed, $days + $grace AS allowed
