// title: Pre-school offers all missed
// question: Which children between two and a half and school missed the health reviews, and took no early years place?
// population: children
// signal: G07
// duty: offer
// clears: "One of the missed reviews done with the child seen, an early years place, or a first school roll."
// window: age
// parameters:
//   age: {kind: int, default: 913, least: 0, most: 1826, help: Age in days by which all three reviews were due; listed from the day after.}
//   days: {kind: int, default: 60, least: 0, most: 1826, help: "Days after the start of the universal early years place, after which having none counts as an offer missed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which this held.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the reviews tried, letters and offers."}
//   band: {kind: text, doc: Age band., hidden: true}
//   missed: {kind: text, doc: Reviews not done.}
//   tried: {kind: int, doc: Times that one of the missed reviews was tried.}
//   place_from: {kind: date, doc: "Start of the universal early years place, where having none counted."}
// sort: [since, child]
// sentence:
//   - "No {missed} review done as known, and no early years place known from {place_from}."
//   - "No {missed} review done as known."
// rule_out: [A parent at home by choice., Reviews done and not recorded., A recent arrival.]
// check: [Health visiting reaches out., Offer the nursery place in person., Ask school admissions.]
// needs: {"0-4": [health_visiting], "5-15": [health_visiting]}
// helps: [early_years, school_roll]
// caveats:
//   - "The reviews are offered, not compulsory: missing one is a question, not a fault."
//   - A review done before the first loaded extract, or in another area, looks missed.
//   - A review counts as done only where the child was seen for it (level 4).
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c) AND days_between(born(c), $as_at) > $age AND c.school_from > $as_at
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(:Agency)
WHERE known(r) AND r.register IN ['school', 'early_years']
WITH c, count(CASE WHEN r.register = 'school' THEN 1 END) AS schools, count(CASE WHEN r.register = 'early_years' THEN 1 END) AS places
WHERE schools = 0
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.kind IN ['review_6_8_weeks', 'review_9_12_months', 'review_2_years']
WITH c, places, count(CASE WHEN a.level >= 4 AND a.kind = 'review_6_8_weeks' THEN 1 END) AS weeks,
     count(CASE WHEN a.level >= 4 AND a.kind = 'review_9_12_months' THEN 1 END) AS months,
     count(CASE WHEN a.level >= 4 AND a.kind = 'review_2_years' THEN 1 END) AS years,
     count(CASE WHEN a.level < 4 THEN 1 END) AS tried, max(a.known_on) AS told, collect(DISTINCT a.row) AS rows
WITH c, tried, told, rows, CASE WHEN weeks = 0 THEN 1 ELSE 0 END AS no_weeks, CASE WHEN months = 0 THEN 1 ELSE 0 END AS no_months,
     CASE WHEN years = 0 THEN 1 ELSE 0 END AS no_years,
     CASE WHEN places = 0 AND days_between(c.early_years_from, $as_at) > $days THEN c.early_years_from END AS place_from
WITH c, tried, told, rows, no_weeks, no_months, no_years, no_weeks + no_months + no_years AS missing, place_from
WHERE missing = 3 OR (missing = 2 AND place_from IS NOT NULL)
WITH c, tried, rows, no_weeks, no_months, no_years, place_from, CASE WHEN told > c.born_known_on THEN told ELSE c.born_known_on END AS known_on,
     CASE WHEN c.child_from > c.born_known_on THEN c.child_from ELSE c.born_known_on END AS first,
     CASE WHEN missing = 3 OR plus_days(place_from, $days + 1) < plus_days(c.born_on, $age + 1) THEN plus_days(c.born_on, $age + 1)
          ELSE plus_days(place_from, $days + 1) END AS due
RETURN c.id AS child, CASE WHEN first > due THEN first ELSE due END AS since, known_on, rows, age_band(c) AS band,
       CASE WHEN no_weeks + no_months + no_years = 3 THEN '6 to 8 week, 9 to 12 month or 2 to 2½ year'
            WHEN no_years = 0 THEN '6 to 8 week or 9 to 12 month'
            WHEN no_months = 0 THEN '6 to 8 week or 2 to 2½ year'
            ELSE '9 to 12 month or 2 to 2½ year' END AS missed, tried, place_from
