// title: Section 47 enquiry, child not seen
// question: Which children under a section 47 enquiry were not seen within two working days?
// population: children
// signal: P05
// duty: hard
// clears: "Social care, the police or a hospital sees the child (level 4 or more), or the enquiry ends."
// window: 30
// sentence:
//   - "Section 47 enquiry since {started}: the child is not on record as seen by social care, police or a hospital since then."
// rule_out: [The child was seen and it is written up late, The enquiry was opened on paper before the strategy discussion]
// check: [Ask the social worker today whether, where and by whom the child was seen, "Where access is refused: the council must take reasonable steps to obtain it"]
// parameters:
//   working_days: {kind: int, default: 2, least: 0, most: 30, help: "Working days (Monday to Friday) from the start within which the child is to be seen."}
//   level: {kind: int, default: 4, least: 1, most: 5, help: "The least that counts as seen: 4 seen for the enquiry's purpose."}
// derived: [latest_start]
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day after the limit (weekends left out of this date only).}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: Rows of the enquiry.}
//   band: {kind: text, doc: Age band., hidden: true}
//   started: {kind: date, doc: Start of the enquiry.}
// sort: [since, child]
// needs: {"0-4": [social_care_contacts], "5-15": [social_care_contacts], "16-17": [social_care_contacts]}
// caveats:
//   - Bank holidays are counted as working days, so the signal comes a day early after one.
//   - A sighting by a school or a health visitor does not count; one by police or a hospital does.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND open(i) AND i.status = 's47'
WITH c, max(coalesce(i.valid_from, i.known_on)) AS started, max(i.known_on) AS told, collect(DISTINCT i.row) AS rows
WHERE started <= $latest_start
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.level >= $level AND a.agency_kind IN ['social_care', 'police', 'hospital']
WITH c, started, told, rows, count(CASE WHEN a.occurred_on >= started THEN 1 END) AS sightings
WHERE sightings = 0
WITH c, started, told, rows, plus_days(started, $working_days + 1) AS due
RETURN c.id AS child, CASE WHEN told > due THEN told ELSE due END AS since, told AS known_on, rows, age_band(c) AS band, started
