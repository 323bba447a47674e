// title: A run of contacts that did not reach the child
// question: For which children did so many contacts in a year reach nobody, or an adult only, with no sighting between?
// population: children
// signal: G08
// duty: offer
// clears: "A sighting within the run, or the run growing older than the days looked back."
// window: days
// parameters:
//   contacts: {kind: int, default: 3, least: 2, most: 100, help: Contacts that make a run.}
//   days: {kind: int, default: 365, least: 1, most: 6600, help: "Days before the day asked in which they lie (that many days ago included)."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of the present span on which this holds.}
//   known_on: {kind: date, doc: Day the latest of the contacts was known.}
//   rows: {kind: rows, doc: "Load, file and line of each contact of the run."}
//   band: {kind: text, doc: Age band., hidden: true}
//   misses: {kind: int, doc: Contacts of the run in the time asked.}
//   sources: {kind: words, doc: Sources that tell of them.}
//   first_on: {kind: date, doc: Day of the first of them.}
//   last_on: {kind: date, doc: Day of the last of them.}
// sort: [since, child]
// sentence:
//   - "{misses} contacts from {first_on} to {last_on} reached nobody, or an adult only, with no sighting by a loaded agency between them."
// rule_out:
//   - Work shifts, another language, an illness or a wrong address.
//   - One agency that goes on rebooking the same appointment.
// check:
//   - Check the address and the language the letters were in.
//   - Plan a joint visit without notice.
// helps: [health_visiting, gp_contacts, maternity, attendance, early_years, police_notices, social_care_contacts]
// caveats:
//   - "A contact counts where this child's own level is 0 (nobody reached) or 1 (an adult only), whoever else was seen at it; domestic abuse notifications and contacts without a level do not count."
//   - "Between means: each contact belongs to the child's last sighting (level 3 or more) on or before its day, and three that belong to the same sighting make a run. A sighting after the run does not end it; the run ends when fewer than three of it lie in the time asked."
//   - A sighting by a service whose extract is not loaded is not known here.
//   - The registration of a birth by a parent is a contact with an adult only.
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND NOT unborn(c) AND known(a) AND a.level < 2 AND days_between(a.occurred_on, $as_at) <= $days
WITH c, count(CASE WHEN a.kind <> 'dv_notification' THEN 1 END) AS lately
WHERE lately >= $contacts
MATCH (c)<-[b:ABOUT]-(k:Contact)
WHERE known(b) AND b.level < 2
WITH c, k, max(CASE WHEN b.kind <> 'dv_notification' THEN b.occurred_on END) AS day, min(b.known_on) AS told
WHERE day IS NOT NULL
OPTIONAL MATCH (c)<-[s:ABOUT]-()
WHERE known(s) AND s.level >= 3
WITH c, k, day, told, max(CASE WHEN s.occurred_on <= day THEN s.occurred_on END) AS seen_before,
     min(CASE WHEN s.occurred_on > day THEN s.occurred_on END) AS seen_after
// days ago: when it was, times 100,000, and when it was known
WITH c, seen_before, seen_after, count(CASE WHEN days_between(day, $as_at) <= $days THEN 1 END) AS misses,
     collect(days_between(day, $as_at) * 100000 + days_between(told, $as_at)) AS every,
     collect(DISTINCT days_between(day, $as_at) * 100000 + days_between(told, $as_at)) AS each
WHERE misses >= $contacts
UNWIND each AS one
UNWIND every AS other
WITH c, seen_before, seen_after, misses, one, one % 100000 AS start,
     count(CASE WHEN other % 100000 >= one % 100000 AND other / 100000 <= one % 100000 + $days THEN 1 END) AS that_day,
     count(CASE WHEN other % 100000 > one % 100000 AND other / 100000 <= one % 100000 + 1 + $days THEN 1 END) AS its_eve
WHERE that_day >= $contacts AND its_eve < $contacts
WITH c, seen_before, seen_after, misses, min(start) AS start
MATCH (c)<-[e:ABOUT]-()
WHERE known(e) AND e.level < 2 AND days_between(e.occurred_on, $as_at) <= $days
WITH c, seen_before, seen_after, misses, start, e
WHERE e.kind <> 'dv_notification' AND (seen_before IS NULL OR e.occurred_on >= seen_before)
  AND (seen_after IS NULL OR e.occurred_on < seen_after)
WITH c, max(start) AS start, max(misses) AS misses, min(e.occurred_on) AS first_on, max(e.occurred_on) AS last_on,
     max(e.known_on) AS known_on, CASE WHEN c.expected_on IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on
     ELSE c.child_from END AS counted_on, collect(DISTINCT e.source) AS sources, collect(DISTINCT e.row) AS rows
RETURN c.id AS child, CASE WHEN counted_on > plus_days($as_at, -start) THEN counted_on ELSE plus_days($as_at, -start) END AS since,
       known_on, rows, age_band(c) AS band, misses, sources, first_on, last_on
