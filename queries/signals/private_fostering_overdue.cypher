// title: Privately fostered child without a visit, or not notified
// question: Which privately fostered children has nobody visited in time, or was never notified?
// population: children
// signal: P04
// duty: hard
// clears: "A visit at which the child is seen (level 4 or more), a notification, or the child back with a parent or close relative."
// window: days
// sentence:
//   - "Said to live with someone who is not a close relative since {claimed}; no private fostering notification is on record."
//   - "Private fostering: no social worker has seen the child since {last_visit}; a visit was due within {allowed} days."
//   - "Private fostering since {started}: no social worker has seen the child since then; a visit was due within {allowed} days."
// rule_out: [The host is a close relative after all (grandparent, brother, sister, uncle, aunt or step-parent), The stay was shorter than 28 days, A visit written up late]
// check: [Ask who the child lives with and since when, Ask the fostering team for the notification, Arrange a visit and speak to the child alone]
// parameters:
//   stay: {kind: int, default: 28, least: 1, most: 365, help: Days after which a stay with somebody else must be notified.}
//   days: {kind: int, default: 42, least: 1, most: 365, help: Days between two visits in the first year.}
//   later: {kind: int, default: 84, least: 1, most: 365, help: Days between two visits after it.}
//   grace: {kind: int, default: 7, least: 0, most: 90, help: Days of grace after either.}
//   level: {kind: int, default: 4, least: 1, most: 5, help: "The least that counts as seen: 4 seen for the visit's purpose."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: "First day on which the visit, or the notification, was overdue."}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Rows of the arrangement, of the claim and of the last visit."}
//   band: {kind: text, doc: Age band., hidden: true}
//   started: {kind: date, doc: Start of the arrangement.}
//   last_visit: {kind: date, doc: Last visit at which a social worker saw the child since then.}
//   claimed: {kind: date, doc: "Day of the claim that the child lives with somebody, where no notification is known."}
//   allowed: {kind: int, doc: Days allowed.}
// sort: [since, child]
// helps: [social_care_contacts, missing_education, school_concerns]
// caveats:
//   - "Under 16 only (18 where disabled, which no extract says)."
//   - A host whose relation is not stated is not held against anybody; a close relative needs no notification, so its absence proves nothing.
MATCH (c:Person)-[r:REGISTERED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND open(r) AND r.register = 'private_fostering'
WITH c, max(coalesce(r.valid_from, r.known_on)) AS started, max(r.known_on) AS told, collect(DISTINCT r.row) AS plan
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level AND a.agency_kind = 'social_care'
WITH c, started, told, plan, max(CASE WHEN a.occurred_on >= started THEN a.occurred_on END) AS last_visit
WITH c, started, told, plan, last_visit, coalesce(last_visit, started) AS clock,
     CASE WHEN days_between(started, $as_at) > 365 THEN $later + $grace ELSE $days + $grace END AS allowed
WHERE days_between(clock, $as_at) > allowed
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= $level AND b.agency_kind = 'social_care'
WITH c, started, told, plan, last_visit, clock, allowed, max(CASE WHEN b.occurred_on = last_visit THEN b.known_on END) AS heard,
     collect(DISTINCT CASE WHEN b.occurred_on = last_visit THEN b.row END) AS visits
WITH c, started, told, plan, last_visit, visits, allowed, CASE WHEN heard > told THEN heard ELSE told END AS known,
     plus_days(clock, allowed + 1) AS due
RETURN c.id AS child, CASE WHEN told > due THEN told ELSE due END AS since, known AS known_on, plan + coalesce(visits, plan) AS rows,
       age_band(c) AS band, started, last_visit, CASE WHEN c.id <> c.id THEN started END AS claimed, allowed
UNION ALL
MATCH (c:Person)-[l:LIVES_AT]->()
WHERE child(c) AND NOT unborn(c) AND open(l) AND l.basis = 'claimed' AND l.stated_with IN ['carer', 'family_group', 'lives_with', 'knows']
  AND (c.school_until IS NULL OR c.school_until > $as_at)
WITH c, min(coalesce(l.valid_from, l.known_on)) AS claimed, max(l.known_on) AS told, collect(DISTINCT l.row) AS said
WHERE days_between(claimed, $as_at) > $stay
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->()
WHERE known(r) AND r.register = 'private_fostering'
WITH c, claimed, told, said, count(r.key) AS notified
WHERE notified = 0
WITH c, claimed, told, said, notified, plus_days(claimed, $stay + 1) AS due
RETURN c.id AS child, CASE WHEN told > due THEN told ELSE due END AS since, told AS known_on, said AS rows, age_band(c) AS band,
       CASE WHEN notified > 0 THEN claimed END AS started, CASE WHEN notified > 0 THEN claimed END AS last_visit, claimed,
       CASE WHEN notified > 0 THEN notified END AS allowed
