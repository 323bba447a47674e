// title: Pre-school child not seen by a health worker
// question: Which children who were never on a school roll has no health worker seen for longer than their age allows?
// population: children
// signal: G01h
// duty: offer
// clears: "A health worker sees the child (level 4 or more), or the child is on a school roll."
// window: one_up
// sight: true
// parameters:
//   under_1: {kind: int, default: 120, least: 1, most: 6600, help: "Days that a sighting lasts for a child seen before the 1st birthday, or without a birth date."}
//   one_up: {kind: int, default: 456, least: 1, most: 6600, help: Days for a child seen at 1 or later.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of the present span without a health sighting in time.}
//   known_on: {kind: date, doc: Day the latest of the facts used was known.}
//   rows: {kind: rows, doc: "Load, file and line of the sightings that set the limit, and of the last one."}
//   band: {kind: text, doc: Age band., hidden: true}
//   last_seen: {kind: date, doc: Last sighting by a health worker; none where there is none on record.}
//   counted_from: {kind: date, doc: "Without such a sighting, birth or the day first known, whichever is later."}
//   due: {kind: date, doc: Last day on which the sightings on record still counted.}
// sort: [since, child]
// sentence:
//   - "No health worker of a loaded agency has seen this child since {last_seen}; by the child's age then that counted until {due}."
//   - "No sighting by a health worker of a loaded agency on record, counted from {counted_from}; by the child's age one was looked for by {due}."
// rule_out:
//   - Reviews that the family declined, with the child in nursery and seen there.
//   - A GP or hospital across the border whose extract is not loaded.
// check:
//   - Ask the health visitor for a review now.
//   - Check the GP record.
// needs: {"0-4": [health_visiting, gp_contacts], "5-15": [school_roll, gp_contacts], "16-17": [school_roll, gp_contacts]}
// helps: [births, maternity, ambulance]
// caveats:
//   - A sighting dated before the birth, which can't be, counts as one on the day of birth.
//   - "A health sighting is level 4 or more (examined, weighed, vaccinated) by health visiting, maternity, a GP practice, a hospital or the ambulance service; a police or nursery sighting is none."
//   - A child counts until a school registration of theirs is first known, whatever their age; one whose school's roll is not loaded goes on counting.
//   - "How long a sighting counts follows from the age on the day of the sighting; the one that counts longest decides."
//   - "Without any such sighting the days run from birth, or from the day first known if that is later, with the age on that day."
//   - A child without a birth date known by the day asked is taken as under 1, the shorter time.
//   - Children expected and not yet known to be born are counted apart.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->()
WHERE known(r) AND r.register = 'school'
WITH c, count(r.key) AS rolls
WHERE rolls = 0
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 4 AND a.agency_kind IN ['health_visiting', 'maternity', 'gp', 'hospital', 'ambulance']
WITH c, max(a.occurred_on) AS last_seen,
     max(plus_days(CASE WHEN a.occurred_on < born(c) THEN born(c) ELSE a.occurred_on END, CASE WHEN born(c) IS NULL OR a.occurred_on < c.one_on THEN $under_1 ELSE $one_up END)) AS seen_until
WITH c, last_seen, seen_until, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start
WITH c, last_seen, seen_until, start,
     coalesce(seen_until, plus_days(start, CASE WHEN born(c) IS NULL OR start < c.one_on THEN $under_1 ELSE $one_up END)) AS due
WHERE due < $as_at
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= 4 AND b.agency_kind IN ['health_visiting', 'maternity', 'gp', 'hospital', 'ambulance']
WITH c, last_seen, seen_until, start, due, b,
     plus_days(CASE WHEN b.occurred_on < born(c) THEN born(c) ELSE b.occurred_on END, CASE WHEN born(c) IS NULL OR b.occurred_on < c.one_on THEN $under_1 ELSE $one_up END) AS until
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
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->()
WHERE known(r) AND r.register = 'school'
WITH c, count(r.key) AS rolls
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= 4 AND a.agency_kind IN ['health_visiting', 'maternity', 'gp', 'hospital', 'ambulance']
WITH c, rolls,
     max(plus_days(CASE WHEN a.occurred_on < born(c) THEN born(c) ELSE a.occurred_on END, CASE WHEN born(c) IS NULL OR a.occurred_on < c.one_on THEN $under_1 ELSE $one_up END)) AS seen_until
WITH c, rolls, seen_until, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS start
WITH rolls,
     coalesce(seen_until, plus_days(start, CASE WHEN born(c) IS NULL OR start < c.one_on THEN $under_1 ELSE $one_up END)) AS due
WHERE rolls > 0 OR due >= $as_at
RETURN count(*) AS seen
