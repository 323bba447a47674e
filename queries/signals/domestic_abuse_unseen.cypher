// title: Repeated domestic abuse notices and the child not seen since
// question: Which children were named in repeated domestic abuse notifications and not seen since the first of them?
// population: children
// signal: G09
// duty: offer
// clears: "A sighting in person (level 3 or more) since the first of the notices."
// window: days
// parameters:
//   notices: {kind: int, default: 3, least: 2, most: 100, help: Notifications that list the child.}
//   days: {kind: int, default: 365, least: 1, most: 6600, help: Days from the first to the last of them at most.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: "Day on which the third of them was known, counting those after the last sighting."}
//   known_on: {kind: date, doc: Day the latest of them was known.}
//   rows: {kind: rows, doc: "Load, file and line of every notification after the last sighting."}
//   band: {kind: text, doc: Age band., hidden: true}
//   notifications: {kind: int, doc: Notifications that list the child after the last sighting.}
//   first_on: {kind: date, doc: Day of the first of them.}
//   last_on: {kind: date, doc: Day of the last of them.}
//   last_seen: {kind: date, doc: Last sighting before them; none where there is none on record.}
// sort: [since, child]
// sentence:
//   - "{notifications} domestic abuse notifications from {first_on} to {last_on} list this child; no sighting by a loaded agency since {last_seen}."
//   - "{notifications} domestic abuse notifications from {first_on} to {last_on} list this child; no sighting by a loaded agency on record."
// rule_out:
//   - A school child whose attendance is not loaded.
//   - The victim has fled with the child and both are safe.
// check:
//   - Have the child seen alone.
//   - See that the school was told.
//   - "Think of the safety of a refuge first: ask before anybody visits, rings or writes."
// helps: [police_notices, marac, health_visiting, gp_contacts, attendance, school_concerns, social_care_contacts]
// caveats:
//   - "It holds once three notifications lie within 365 days of each other, and until the child is seen: the passing of time does not end it."
//   - "A sighting (level 3 or more) on the day of the first notification or later counts as seen since, the notification's own included; counting then starts again after it."
//   - A sighting by a service whose extract is not loaded is not known here.
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND NOT unborn(c) AND known(a) AND a.kind = 'dv_notification'
WITH c, count(a.key) AS all_notices, max(a.occurred_on) AS latest
WHERE all_notices >= $notices
OPTIONAL MATCH (c)<-[s:ABOUT]-()
WHERE known(s) AND s.level >= 3
WITH c, latest, max(s.occurred_on) AS last_seen
WHERE last_seen IS NULL OR latest > last_seen
MATCH (c)<-[b:ABOUT]-(k:Contact)
WHERE known(b) AND b.kind = 'dv_notification'
WITH c, k, last_seen, min(b.occurred_on) AS day, min(b.known_on) AS told
WHERE last_seen IS NULL OR day > last_seen
// days ago: when it was, times 100,000, and when it was known
WITH c, last_seen, count(k) AS notifications, collect(days_between(day, $as_at) * 100000 + days_between(told, $as_at)) AS every,
     collect(DISTINCT days_between(day, $as_at) * 100000 + days_between(told, $as_at)) AS each
WHERE notifications >= $notices
UNWIND each AS one
UNWIND every AS other
WITH c, last_seen, notifications, one,
     count(CASE WHEN other / 100000 >= one / 100000 AND other / 100000 <= one / 100000 + $days THEN 1 END) AS up_to_it,
     count(CASE WHEN other % 100000 >= one % 100000 AND other / 100000 >= one / 100000
                     AND other / 100000 <= one / 100000 + $days THEN 1 END) AS known_before_it,
     count(CASE WHEN other % 100000 >= one % 100000 AND other / 100000 <= one / 100000
                     AND other / 100000 + $days >= one / 100000 THEN 1 END) AS known_after_it
WITH c, last_seen, notifications, max(up_to_it) AS together, min(one % 100000) AS last_told,
     max(CASE WHEN known_before_it >= $notices OR known_after_it >= $notices THEN one % 100000 END) AS third_told
WHERE together >= $notices
WITH c, last_seen, notifications, coalesce(third_told, last_told) AS start
MATCH (c)<-[e:ABOUT]-()
WHERE known(e) AND e.kind = 'dv_notification'
WITH c, last_seen, notifications, start, e
WHERE last_seen IS NULL OR e.occurred_on > last_seen
WITH c, last_seen, notifications, start, min(e.occurred_on) AS first_on, max(e.occurred_on) AS last_on, max(e.known_on) AS known_on,
     CASE WHEN c.expected_on IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT e.row) AS rows
RETURN c.id AS child, CASE WHEN counted_on > plus_days($as_at, -start) THEN counted_on ELSE plus_days($as_at, -start) END AS since,
       known_on, rows, age_band(c) AS band, notifications, first_on, last_on, last_seen
