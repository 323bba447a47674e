// title: Not seen for longer than the child's age allows
// question: Which children has no loaded agency seen in person for longer than their age at the last sightings allows?
// population: children
// signal: G01
// duty: offer
// clears: "A sighting in person (level 3 or more) by any agency, recent enough for the child's age at it."
// window: three_to_four
// sight: true
// parameters:
//   level: {kind: int, default: 3, least: 1, most: 5, help: "The least that counts as seen: 3 seen in person, 4 seen for the agency's purpose, 1 also an adult who only spoke."}
//   under_1: {kind: int, default: 120, least: 1, most: 6600, help: Days that a sighting lasts for a child seen before the 1st birthday.}
//   one_to_two: {kind: int, default: 365, least: 1, most: 6600, help: Days for a child seen at 1 or 2.}
//   three_to_four: {kind: int, default: 400, least: 1, most: 6600, help: Days for a child seen at 3 or 4.}
//   five_to_fifteen: {kind: int, default: 90, least: 1, most: 6600, help: "Days for a child seen at 5 to 15, and for a child without a birth date."}
//   sixteen_up: {kind: int, default: 180, least: 1, most: 6600, help: Days for a child seen at 16 or 17.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of the present span without a sighting in time.}
//   known_on: {kind: date, doc: Day the latest of the facts used was known.}
//   rows: {kind: rows, doc: "Load, file and line of the sightings that set the limit, and of the last one."}
//   band: {kind: text, doc: Age band., hidden: true}
//   last_seen: {kind: date, doc: Last sighting at the level asked; none where there is no such sighting on record.}
//   counted_from: {kind: date, doc: "Without a sighting, birth or the day first known, whichever is later."}
//   due: {kind: date, doc: Last day on which the sightings on record still counted.}
// sort: [since, child]
// sentence:
//   - "No sighting by a loaded agency since {last_seen}; by the child's age at the sightings on record they counted until {due}."
//   - "No sighting by a loaded agency on record, counted from {counted_from}; by the child's age one was looked for by {due}."
// rule_out:
//   - A healthy toddler outside nursery, whom nobody is obliged to see.
//   - A private school, or private health care.
//   - An extract that came late.
//   - The same child twice, as two records that are not linked.
// check:
//   - Look for a sighting that no loaded extract holds.
//   - Ask the health visitor or the school when they last saw the child.
//   - Arrange a visit at which the child is seen.
// needs: {"0-4": [health_visiting, gp_contacts], "5-15": [attendance], "16-17": [attendance]}
// helps: [births, maternity, early_years, school_concerns, police_notices, social_care_contacts, ambulance]
// caveats:
//   - A sighting dated before the birth, which can't be, counts as one on the day of birth.
//   - A sighting by a service whose extract is not loaded is not known here.
//   - "How long a sighting counts follows from the age on the day of the sighting, so that a birthday never clears a child; the sighting that counts longest decides, which need not be the last one."
//   - "Without any sighting the days run from birth, or from the day first known if that is later, with the age on that day."
//   - A child without a birth date known by the day asked is taken as 5 to 15, the shortest time.
//   - The first day after the limit is the first one listed. It is never earlier than the day on which the deciding sighting was known.
//   - Children expected and not yet known to be born are counted apart.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level
WITH c, max(a.occurred_on) AS last_seen,
     max(plus_days(CASE WHEN a.occurred_on < born(c) THEN born(c) ELSE a.occurred_on END, CASE WHEN born(c) IS NULL THEN $five_to_fifteen WHEN a.occurred_on < c.one_on THEN $under_1
         WHEN a.occurred_on < c.three_on THEN $one_to_two WHEN a.occurred_on < c.five_on THEN $three_to_four
         WHEN a.occurred_on < c.school_until THEN $five_to_fifteen ELSE $sixteen_up END)) AS seen_until
WITH c, last_seen, seen_until, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start
WITH c, last_seen, seen_until, start,
     coalesce(seen_until, plus_days(start, CASE WHEN born(c) IS NULL THEN $five_to_fifteen WHEN start < c.one_on THEN $under_1
         WHEN start < c.three_on THEN $one_to_two WHEN start < c.five_on THEN $three_to_four
         WHEN start < c.school_until THEN $five_to_fifteen ELSE $sixteen_up END)) AS due
WHERE due < $as_at
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= $level
WITH c, last_seen, seen_until, start, due, b,
     plus_days(CASE WHEN b.occurred_on < born(c) THEN born(c) ELSE b.occurred_on END, CASE WHEN born(c) IS NULL THEN $five_to_fifteen WHEN b.occurred_on < c.one_on THEN $under_1
         WHEN b.occurred_on < c.three_on THEN $one_to_two WHEN b.occurred_on < c.five_on THEN $three_to_four
         WHEN b.occurred_on < c.school_until THEN $five_to_fifteen ELSE $sixteen_up END) AS until
WITH c, last_seen, start, due, min(CASE WHEN until = seen_until THEN b.known_on END) AS decided_on,
     max(CASE WHEN until = seen_until OR b.occurred_on = last_seen THEN b.known_on END) AS told_on,
     CASE WHEN born(c) IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT CASE WHEN until = seen_until OR b.occurred_on = last_seen THEN b.row END) AS rows
WITH c, last_seen, start, due, told_on, counted_on, rows,
     CASE WHEN decided_on > plus_days(due, 1) THEN decided_on ELSE plus_days(due, 1) END AS over
RETURN c.id AS child, CASE WHEN counted_on > over THEN counted_on ELSE over END AS since,
       CASE WHEN told_on > counted_on THEN told_on ELSE counted_on END AS known_on, rows, age_band(c) AS band, last_seen,
       CASE WHEN last_seen IS NULL THEN start END AS counted_from, due
// seen:
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level
WITH c, max(plus_days(CASE WHEN a.occurred_on < born(c) THEN born(c) ELSE a.occurred_on END, CASE WHEN born(c) IS NULL THEN $five_to_fifteen WHEN a.occurred_on < c.one_on THEN $under_1
         WHEN a.occurred_on < c.three_on THEN $one_to_two WHEN a.occurred_on < c.five_on THEN $three_to_four
         WHEN a.occurred_on < c.school_until THEN $five_to_fifteen ELSE $sixteen_up END)) AS seen_until
WITH c, seen_until, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start
WITH coalesce(seen_until, plus_days(start, CASE WHEN born(c) IS NULL THEN $five_to_fifteen WHEN start < c.one_on THEN $under_1
         WHEN start < c.three_on THEN $one_to_two WHEN start < c.five_on THEN $three_to_four
         WHEN start < c.school_until THEN $five_to_fifteen ELSE $sixteen_up END)) AS due
WHERE due >= $as_at
RETURN count(*) AS seen
