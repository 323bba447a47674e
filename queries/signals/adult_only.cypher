// title: Only the adults are being heard
// question: For which children were the last contacts all with an adult only, the child not perceived?
// population: children
// signal: G17
// duty: offer
// clears: "A contact at which the child was at least heard or glimpsed (level 2 or more)."
// window: 6600
// parameters:
//   contacts: {kind: int, default: 3, least: 2, most: 100, help: Contacts one after the other.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: "Day on which the third of them was known, counting those after the child was last perceived."}
//   known_on: {kind: date, doc: Day the latest of them was known.}
//   rows: {kind: rows, doc: "Load, file and line of each of them."}
//   band: {kind: text, doc: Age band., hidden: true}
//   adult_only: {kind: int, doc: Contacts with an adult only since the child was last perceived.}
//   first_on: {kind: date, doc: Day of the first of them.}
//   last_on: {kind: date, doc: Day of the last of them.}
//   perceived_on: {kind: date, doc: "Last day on which the child was heard, glimpsed or seen (level 2 or more); none where there is none."}
// sort: [since, child]
// sentence:
//   - "{adult_only} contacts from {first_on} to {last_on} were with an adult only; the child was last seen or heard by a loaded agency on {perceived_on}."
//   - "{adult_only} contacts from {first_on} to {last_on} were with an adult only; no sighting by a loaded agency on record."
// rule_out:
//   - Phone calls that are part of the routine.
//   - Health care by telephone.
// check:
//   - See that the next contact includes the child.
// helps: [health_visiting, gp_contacts, maternity, attendance, police_notices, social_care_contacts, missing_education]
// caveats:
//   - "Contacts at level 0 (nobody reached) and contacts without a level are passed over: they neither add to the row nor break it."
//   - A contact at level 2 (heard, glimpsed) or more breaks the row; what happened on that same day does not count after it.
//   - "An adult's word about the child, and the registration of a birth by a parent, are contacts with an adult only."
//   - The row may reach back over the whole childhood; the passing of time does not end it.
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND NOT unborn(c) AND known(a) AND a.level >= 1
WITH c, max(CASE WHEN a.level >= 2 THEN a.occurred_on END) AS perceived_on, max(CASE WHEN a.level = 1 THEN a.occurred_on END) AS heard_on,
     count(CASE WHEN a.level = 1 THEN 1 END) AS all_heard
WHERE all_heard >= $contacts AND (perceived_on IS NULL OR heard_on > perceived_on)
MATCH (c)<-[b:ABOUT]-(k:Contact)
WHERE known(b) AND b.level = 1
WITH c, k, perceived_on, min(b.occurred_on) AS day, min(b.known_on) AS told
WHERE perceived_on IS NULL OR day > perceived_on
WITH c, perceived_on, count(k) AS adult_only, collect(days_between(told, $as_at)) AS every,
     collect(DISTINCT days_between(told, $as_at)) AS each
WHERE adult_only >= $contacts
UNWIND each AS one
UNWIND every AS other
WITH c, perceived_on, adult_only, one, count(CASE WHEN other >= one THEN 1 END) AS by_then
WHERE by_then >= $contacts
WITH c, perceived_on, adult_only, max(one) AS start
MATCH (c)<-[e:ABOUT]-()
WHERE known(e) AND e.level = 1
WITH c, perceived_on, adult_only, start, e
WHERE perceived_on IS NULL OR e.occurred_on > perceived_on
WITH c, perceived_on, adult_only, start, min(e.occurred_on) AS first_on, max(e.occurred_on) AS last_on, max(e.known_on) AS known_on,
     CASE WHEN c.expected_on IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT e.row) AS rows
RETURN c.id AS child, CASE WHEN counted_on > plus_days($as_at, -start) THEN counted_on ELSE plus_days($as_at, -start) END AS since,
       known_on, rows, age_band(c) AS band, adult_only, first_on, last_on, perceived_on
