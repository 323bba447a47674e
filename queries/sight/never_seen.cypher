// title: Children never seen
// question: Which children has no loaded agency ever seen, as far as it is on record?
// population: children
// sight: true
// parameters:
//   level: {kind: int, default: 3, least: 1, most: 5, help: "The least that counts as seen: 3 seen in person, 4 seen for the agency's purpose, 5 seen alone."}
// columns:
//   child: {kind: person, doc: The child.}
//   born_on: {kind: date, doc: "Birth date, where known."}
//   known_since: {kind: date, doc: Day a source first knew of the child.}
//   days: {kind: int, doc: "Days since birth or since first known, whichever is later."}
//   contacts: {kind: int, doc: Contacts about the child on record.}
//   last_contact: {kind: date, doc: The latest of them.}
//   band: {kind: text, doc: Age band., hidden: true}
// sort: [-days, child]
// needs: {"0-4": [health_visiting, gp_contacts], "5-15": [attendance], "16-17": [attendance]}
// helps: [births, maternity, early_years, school_concerns, police_notices, social_care_contacts, ambulance]
// caveats:
//   - Only what the loaded extracts cover counts; a child seen before their first day looks never seen.
//   - Children expected and not yet known to be born are counted apart.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a)
WITH c, count(CASE WHEN a.level >= $level THEN 1 END) AS sightings, max(a.occurred_on) AS last_contact,
     count(a.known_on) AS contacts
WHERE sightings = 0
WITH c, contacts, last_contact, CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END AS since
RETURN c.id AS child, born(c) AS born_on, c.first_known_on AS known_since, days_between(since, $as_at) AS days, contacts,
       last_contact, age_band(c) AS band
// seen:
MATCH (c:Person)<-[a:ABOUT]-()
WHERE child(c) AND NOT unborn(c) AND known(a) AND a.level >= $level
WITH DISTINCT c
RETURN count(*) AS seen
