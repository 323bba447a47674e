// title: Of school age, on no roll
// question: Which children should be in school and are on no roll, not home educated, not taught by the council and not traced elsewhere?
// population: children
// signal: G06
// duty: hard
// clears: "An open place on a school roll, in home education or in council tuition, or proof that the child lives elsewhere."
// window: days
// parameters:
//   days: {kind: int, default: 21, least: 0, most: 400, help: "Days after the start of the first compulsory term, after which a child is listed."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day of this span without a roll that counts.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of registrations that ended, checks and claims."}
//   band: {kind: text, doc: Age band., hidden: true}
//   school_from: {kind: date, doc: Start of the first term of compulsory school age.}
//   left_on: {kind: date, doc: "First day off the last roll, where there was one."}
//   days: {kind: int, doc: "Days since the later of the two."}
// sort: [-days, child]
// sentence:
//   - "Of compulsory school age since {school_from}; on no roll since {left_on}."
//   - "Of compulsory school age since {school_from}; no roll, home education or tuition known."
// rule_out: [An independent school or one across the border., Home education of which the council was not yet told., The family left the country.]
// check: ["Open an enquiry for children missing education: a visit, not only a telephone call.", Ask the border agency and the receiving area.]
// needs: {"5-15": [school_roll]}
// caveats:
//   - Only schools whose rolls are loaded are known here.
//   - "Traced elsewhere: another area confirmed the child after the latest claim, or the child is on a practice's list in another area where somebody says the child lives."
MATCH (x:Person)<-[a:ABOUT]-(k:Contact)
WHERE child(x) AND known(a) AND a.kind = 'area_check'
WITH x, max(CASE WHEN k.outcome = 'positive' THEN a.occurred_on END) AS confirmed_on
WHERE confirmed_on IS NOT NULL
OPTIONAL MATCH (x)-[l:LIVES_AT]->(:Address)
WHERE known(l) AND l.basis = 'claimed'
WITH x, confirmed_on, max(coalesce(l.valid_from, l.known_on)) AS claimed_on
WITH collect(CASE WHEN claimed_on IS NULL OR confirmed_on >= claimed_on THEN x.id END) AS confirmed
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c) AND born(c) IS NOT NULL AND days_between(c.school_from, $as_at) > $days AND c.school_until > $as_at
WITH c, confirmed
WHERE NOT coalesce(c.id IN confirmed, false)
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(g:Agency)
WHERE known(r) AND r.register IN ['school', 'home_education', 'la_tuition', 'gp']
WITH c, count(CASE WHEN open(r) AND r.register <> 'gp' THEN 1 END) AS still,
     max(CASE WHEN ended(r) AND r.register <> 'gp' THEN r.valid_to END) AS left_on,
     max(CASE WHEN ended(r) AND r.register <> 'gp' THEN r.end_known_on END) AS told,
     collect(CASE WHEN r.register <> 'gp' THEN r.row END) AS rows,
     collect(CASE WHEN r.register = 'gp' AND open(r) THEN lower(trim(g.area)) END) AS areas
WHERE still = 0
OPTIONAL MATCH (c)-[s:LIVES_AT]->(h:Address)
WHERE known(s) AND h.in_area = false
WITH c, left_on, told, rows, count(CASE WHEN lower(trim(h.area)) IN areas THEN 1 END) AS there
WHERE there = 0
WITH c, left_on, rows, coalesce(told, c.born_known_on) AS known_on, plus_days(c.school_from, $days + 1) AS due
WITH c, left_on, rows, known_on, CASE WHEN left_on > due THEN left_on ELSE due END AS due
RETURN c.id AS child, CASE WHEN known_on > due THEN known_on ELSE due END AS since, known_on, rows, age_band(c) AS band,
       c.school_from AS school_from, left_on,
       CASE WHEN left_on > c.school_from THEN days_between(left_on, $as_at) ELSE days_between(c.school_from, $as_at) END AS days
