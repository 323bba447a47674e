// title: Children not seen
// question: Which children has no loaded agency seen in person for more than so many days?
// population: children
// sight: true
// parameters:
//   level: {kind: int, default: 3, least: 1, most: 5, help: "The least that counts as seen: 3 seen in person, 4 seen for the agency's purpose, 5 seen alone."}
//   days: {kind: int, default: 365, least: 0, most: 6600, help: "Days without a sighting after which a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   born_on: {kind: date, doc: "Birth date, where known."}
//   last_seen: {kind: date, doc: "Last sighting at the level asked; none where there is no such sighting on record."}
//   days: {kind: int, doc: "Days since then; without a sighting, since birth or since first known, whichever is later."}
//   level: {kind: int, doc: Level of that sighting.}
//   kind: {kind: text, doc: Kind of that contact.}
//   agency: {kind: agency, doc: Agency that made it.}
//   source: {kind: text, doc: Source of that row.}
//   row: {kind: row, doc: "Load, file and line of that row."}
//   band: {kind: text, doc: Age band., hidden: true}
// sort: [-days, child, -level]
// once: child
// needs: {"0-4": [health_visiting, gp_contacts], "5-15": [attendance], "16-17": [attendance]}
// helps: [births, maternity, early_years, school_concerns, police_notices, social_care_contacts, ambulance]
// caveats:
//   - A sighting by a service whose extract is not loaded is not known here.
//   - Of several sightings on the last day the fullest is shown.
//   - Children expected and not yet known to be born are counted apart.
//   - One number of days for every age; a healthy toddler outside nursery may lawfully go longer than a school child.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level
WITH c, max(a.occurred_on) AS last_seen
WITH c, last_seen,
     CASE WHEN last_seen IS NOT NULL THEN last_seen WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS since
WHERE days_between(since, $as_at) > $days
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.level >= $level AND b.occurred_on < plus_days($as_at, 0 - $days)
WITH c, last_seen, since, b
WHERE last_seen IS NULL OR b.occurred_on = last_seen
RETURN c.id AS child, born(c) AS born_on, last_seen, days_between(since, $as_at) AS days, b.level AS level, b.kind AS kind,
       b.agency AS agency, b.source AS source, b.row AS row, age_band(c) AS band
// seen:
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level
WITH c, max(a.occurred_on) AS last_seen
WITH c, CASE WHEN last_seen IS NOT NULL THEN last_seen WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS since
WHERE days_between(since, $as_at) <= $days
RETURN count(*) AS seen
