// title: Many addresses in a year
// question: Which children lived at three addresses or more within a year?
// population: children
// signal: G18
// duty: offer
// clears: "Fewer addresses within the days looked back."
// window: days
// parameters:
//   days: {kind: int, default: 365, least: 1, most: 6600, help: Days looked back on.}
//   addresses: {kind: int, default: 3, least: 2, most: 20, help: "Different addresses in that time from which on a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: "First day on which so many of these addresses were known."}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of every statement counted."}
//   band: {kind: text, doc: Age band., hidden: true}
//   places: {kind: int, doc: "Different addresses, protected ones among them; no fixed abode counts once."}
//   days: {kind: int, doc: Days looked back on.}
// sort: [-places, child]
// sentence: ["{places} different addresses are registered or observed within {days} days."]
// rule_out: [Moves by the homelessness service., A family that fled abuse., Seasonal work.]
// check: [See that the records followed the child., "Keep a refuge's address out of every note."]
// helps: [gp_list, housing, refuge, health_visiting_caseload, health_visiting, school_roll]
// caveats:
//   - A claim is no address here; a refuge, a placement and a second home are.
//   - "An address observed on a day counts for that day; one registered counts for as long as its source says."
//   - Two spellings of one address that nothing ties together count as two.
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE child(c) AND NOT unborn(c) AND known(l) AND l.basis <> 'claimed' AND h.kind IN ['property', 'no_fixed_abode']
  AND (l.valid_to IS NULL OR l.end_known_on > $as_at OR days_between(l.valid_to, $as_at) < $days)
  AND (l.basis = 'registered' OR l.valid_to IS NOT NULL OR days_between(coalesce(l.valid_from, l.known_on), $as_at) <= $days)
WITH c, h, CASE WHEN l.valid_from > l.known_on THEN l.valid_from ELSE l.known_on END AS day, l.known_on AS told
WITH c, CASE h.kind WHEN 'property' THEN h.id ELSE 'none' END AS spot, min(day) AS begun, max(told) AS told
WITH c, count(*) AS places, max(told) AS known_on, collect(begun) AS begins, collect(DISTINCT begun) AS days
WHERE places >= $addresses
UNWIND days AS day
UNWIND begins AS other
WITH c, places, known_on, day, count(CASE WHEN other <= day THEN 1 END) AS so_many
WHERE so_many >= $addresses
WITH c, places, known_on, min(day) AS since
MATCH (c)-[s:LIVES_AT]->(a:Address)
WHERE known(s) AND s.basis <> 'claimed' AND a.kind IN ['property', 'no_fixed_abode']
  AND (s.valid_to IS NULL OR s.end_known_on > $as_at OR days_between(s.valid_to, $as_at) < $days)
  AND (s.basis = 'registered' OR s.valid_to IS NOT NULL OR days_between(coalesce(s.valid_from, s.known_on), $as_at) <= $days)
WITH c, places, known_on, since, collect(DISTINCT s.row) AS rows
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, places, $days AS days
