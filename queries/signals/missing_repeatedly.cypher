// title: Missing repeatedly, or for long
// question: Which children went missing twice or more lately, for more than a day, or came back without a return interview?
// population: children
// signal: G21
// duty: offer
// clears: "Fewer episodes within the days looked back, and a return interview held."
// window: days
// sentence:
//   - "{episodes} missing episodes in {days} days, the latest beginning on {latest}."
//   - "Missing for more than {long} hours in an episode beginning on {latest}."
//   - "Came back on {back} from a missing episode; no return interview is on record."
// rule_out: ["A care home's reporting threshold (late back, not missing)", The same episode reported by two sources]
// check: [Hold or read the return interview, Screen for exploitation, "Ask where the child stays, with whom, and who else is missing at the same times"]
// parameters:
//   times: {kind: int, default: 2, least: 1, most: 50, help: Episodes that fire.}
//   days: {kind: int, default: 90, least: 1, most: 730, help: Days within which they count.}
//   hours: {kind: int, default: 24, least: 1, most: 720, help: Hours beyond which one episode fires.}
//   interview: {kind: int, default: 72, least: 24, most: 720, help: Hours after the return within which an interview is due.}
// derived: [latest_return, whole_days]
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: Day the latest of these facts was known.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: Rows of the episodes.}
//   band: {kind: text, doc: Age band., hidden: true}
//   latest: {kind: date, doc: Start of the latest episode.}
//   episodes: {kind: int, doc: "Episodes, where they are enough to fire."}
//   days: {kind: int, doc: Days within which they count.}
//   long: {kind: int, doc: "Hours that one episode was longer than, where one was."}
//   back: {kind: date, doc: Latest return without an interview.}
// sort: [since, child]
// helps: [police_notices, social_care_contacts]
// caveats:
//   - Any one of the three fires; an episode that two sources tell, beginning on one day, counts once.
//   - Where a source gives days and not hours, an episode is longer than 24 hours when it ends more than a day after it began, or goes on.
MATCH (c:Person)-[i:INVOLVED_WITH]->(:Agency)
WHERE child(c) AND NOT unborn(c) AND known(i) AND i.status = 'missing'
  AND days_between(coalesce(i.valid_from, i.known_on), $as_at) <= $days
WITH c, i.row AS row, i.known_on AS heard, i.hours AS lasted, coalesce(i.valid_from, i.known_on) AS began,
     CASE WHEN i.end_known_on <= $as_at AND i.valid_to <= $as_at THEN i.valid_to END AS back
WITH c, max(began) AS latest, max(heard) AS told, max(CASE WHEN back <= $latest_return THEN back END) AS returned,
     count(CASE WHEN lasted > $hours OR (lasted IS NULL AND days_between(began, coalesce(back, $as_at)) > $whole_days) THEN 1 END) AS lengthy,
     count(DISTINCT began) AS n, collect(DISTINCT row) AS rows
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.kind = 'return_interview' AND a.level >= 2
WITH c, latest, told, returned, lengthy, n, rows, count(CASE WHEN a.occurred_on >= returned THEN 1 END) AS held
WHERE n >= $times OR lengthy > 0 OR (returned IS NOT NULL AND held = 0)
RETURN c.id AS child, plus_days(told, 0) AS since, told AS known_on, rows, age_band(c) AS band, latest,
       CASE WHEN n >= $times THEN n END AS episodes, $days AS days, CASE WHEN lengthy > 0 THEN $hours END AS long,
       CASE WHEN held = 0 THEN returned END AS back
