// title: Never seen since birth
// question: For which children did contact stop at the birth, or at the day they were first known?
// population: children
// signal: G02
// duty: offer
// clears: "A sighting in person (level 3 or more) after the first weeks, or after the day the child was first known."
// window: days
// sight: true
// parameters:
//   days: {kind: int, default: 120, least: 1, most: 6600, help: "Days since birth, or since first known if that is later, from which a child is listed (that day included)."}
//   first_days: {kind: int, default: 28, least: 0, most: 6600, help: Days after birth in which a sighting belongs to the birth.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of the present span on which this holds.}
//   known_on: {kind: date, doc: Day the latest of the facts used was known.}
//   rows: {kind: rows, doc: "Load, file and line of the last sighting, where there is one at all."}
//   band: {kind: text, doc: Age band., hidden: true}
//   last_seen: {kind: date, doc: "Last sighting on record, from the days of the birth; none where there is none."}
//   reference: {kind: date, doc: "The day after which no sighting is on record: the end of the days of the birth, or the day first known if that is later."}
// sort: [since, child]
// sentence:
//   - "No sighting by a loaded agency after {reference}; the last one was on {last_seen}."
//   - "No sighting by a loaded agency on record; one was looked for after {reference}."
// rule_out:
//   - The family moved abroad after the birth.
//   - The child was adopted and has another identity.
// check:
//   - Ask midwife and health visitor about the handover.
//   - Check the address.
//   - Arrange a visit at which the child is seen.
// needs: {"0-4": [health_visiting, gp_contacts], "5-15": [attendance], "16-17": [attendance]}
// helps: [births, maternity, early_years, school_concerns, police_notices, social_care_contacts, ambulance]
// caveats:
//   - A sighting is level 3 or more, by any professional of a loaded agency.
//   - "A sighting up to the 28th day after birth belongs to the birth; for a child first known later than that, one up to the day first known is left out likewise."
//   - Without a birth date the days run from the day first known.
//   - Children expected and not yet known to be born are counted apart.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start,
     CASE WHEN plus_days(born(c), $first_days) > c.first_known_on THEN plus_days(born(c), $first_days) ELSE c.first_known_on END AS reference
WHERE plus_days(start, $days) <= $as_at
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 3
WITH c, start, reference, max(a.occurred_on) AS last_seen
WHERE last_seen IS NULL OR last_seen <= reference
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= 3
WITH c, start, reference, last_seen, max(CASE WHEN b.occurred_on = last_seen THEN b.known_on END) AS told_on,
     CASE WHEN born(c) IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT CASE WHEN b.occurred_on = last_seen THEN b.row END) AS rows
RETURN c.id AS child, CASE WHEN counted_on > plus_days(start, $days) THEN counted_on ELSE plus_days(start, $days) END AS since,
       CASE WHEN told_on > counted_on THEN told_on ELSE counted_on END AS known_on, rows, age_band(c) AS band, last_seen, reference
// seen:
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start,
     CASE WHEN plus_days(born(c), $first_days) > c.first_known_on THEN plus_days(born(c), $first_days) ELSE c.first_known_on END AS reference
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 3
WITH c, start, reference, max(a.occurred_on) AS last_seen
WHERE plus_days(start, $days) > $as_at OR last_seen > reference
RETURN count(*) AS seen
