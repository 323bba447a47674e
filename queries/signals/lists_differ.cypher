// title: Lists differ
// question: Which children are missing from two registers that should have them by now, or from a household list that names a brother or sister?
// population: children
// signal: G14
// duty: offer
// clears: "The child is on the lists that expect the child, or the household's form is corrected."
// window: gp
// derived: [births_turns, gp_from, early_from, school_from]
// parameters:
//   births: {kind: int, default: 42, least: 0, most: 400, help: "Days after birth by which the births register should have the child."}
//   gp: {kind: int, default: 90, least: 0, most: 6600, help: "Days since birth or since first known, by which a practice should."}
//   early: {kind: int, default: 60, least: 0, most: 1826, help: "Days after the start of the universal early years place, by which early years should."}
//   school: {kind: int, default: 21, least: 0, most: 400, help: "Days after the start of the first compulsory term, by which a school should."}
//   current: {kind: int, default: 365, least: 1, most: 6600, help: "Days before a household list in which an address observed on a day still counts."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which this held.}
//   known_on: {kind: date, doc: Day the latest of these facts was known.}
//   rows: {kind: rows, doc: "Load, file and line of the lists, of what places the child there, and of registrations that ended."}
//   band: {kind: text, doc: Age band., hidden: true}
//   missing: {kind: text, doc: "Registers that should have the child and have not, two at least."}
//   place: {kind: place, doc: Address of a household list that leaves the child out.}
//   listed_on: {kind: date, doc: First day of that list.}
//   sibling: {kind: person, doc: A brother or sister whom the list names.}
// sort: [-place, child]
// once: child
// sentence:
//   - "The household list of {listed_on} for {place} names {sibling} and not this child, whom another source places there."
//   - "Missing from {missing}, each of which should have had the child by now."
// rule_out: [Tenancy rules., Step-children., A name that did not match.]
// check: [Resolve by hand who is who., Tell the agencies that lack the child.]
// helps: [births, gp_list, early_years, school_roll, housing]
// caveats:
//   - "A register counts as expected only where it is loaded, not stale, and covers the day by which it should have the child."
//   - A record that was not matched to this child looks the same as none.
//   - "A household list is compared with the latest one of its source and address that names the child: after that it differs no more."
MATCH (s:Person)-[f:LIVES_AT]->(h:Address)
WHERE known(f) AND f.household_list IS NOT NULL
WITH s, f, h
MATCH (s)<-[p:PARENT_OF]-(m:Person)
WHERE known(p)
WITH s, f, h, m, max(p.known_on) AS told, min(p.row) AS tie
MATCH (m)-[q:PARENT_OF]->(c:Person)
WHERE child(c) AND NOT unborn(c) AND known(q)
WITH c, s, f, h, told, tie, max(q.known_on) AS heard, min(q.row) AS link
WHERE c.id <> s.id AND f.valid_from > born(c)
MATCH (c)-[l:LIVES_AT]->(h)
WHERE known(l) AND l.basis <> 'claimed'
WITH c, s, f, h, told, tie, heard, link,
     count(CASE WHEN l.household_list IS NOT NULL AND l.source = f.source
                 AND (l.household_list = f.household_list OR l.valid_from >= f.valid_from) THEN 1 END) AS named,
     min(CASE WHEN l.source <> f.source
               AND (open(f) OR l.valid_from IS NULL OR l.valid_from < f.valid_to)
               AND (open(l) OR l.valid_to > f.valid_from)
               AND (l.basis = 'registered' OR days_between(l.valid_from, f.valid_from) <= $current) THEN l.known_on END) AS placed,
     min(CASE WHEN l.source <> f.source
               AND (open(f) OR l.valid_from IS NULL OR l.valid_from < f.valid_to)
               AND (open(l) OR l.valid_to > f.valid_from)
               AND (l.basis = 'registered' OR days_between(l.valid_from, f.valid_from) <= $current) THEN l.row END) AS home
WHERE named = 0 AND placed IS NOT NULL
WITH c, min(CASE WHEN placed >= f.known_on AND placed >= told AND placed >= heard THEN placed
                 WHEN f.known_on >= told AND f.known_on >= heard THEN f.known_on WHEN told > heard THEN told ELSE heard END) AS since,
     max(CASE WHEN placed >= f.known_on AND placed >= told AND placed >= heard THEN placed
              WHEN f.known_on >= told AND f.known_on >= heard THEN f.known_on WHEN told > heard THEN told ELSE heard END) AS known_on,
     min(h.id) AS place, min(f.valid_from) AS listed_on, min(s.id) AS sibling, min(f.row) AS list, min(tie) AS tie, min(link) AS link, min(home) AS home
RETURN c.id AS child, since, known_on, [list, home, tie, link] AS rows, age_band(c) AS band, CASE WHEN c.id = '' THEN c.id END AS missing,
       place, listed_on, sibling
UNION ALL
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(:Agency)
WHERE known(r)
WITH c, count(CASE WHEN r.register = 'births' THEN 1 END) AS entries, count(CASE WHEN r.register = 'gp' AND open(r) THEN 1 END) AS lists,
     count(CASE WHEN r.register = 'early_years' AND open(r) THEN 1 END) AS places,
     count(CASE WHEN r.register IN ['school', 'home_education', 'la_tuition'] AND open(r) THEN 1 END) AS rolls,
     count(CASE WHEN r.register = 'school' THEN 1 END) AS schools,
     max(CASE WHEN r.register = 'gp' AND ended(r) THEN CASE WHEN r.valid_to > r.end_known_on THEN r.valid_to ELSE r.end_known_on END END) AS gp_left,
     max(CASE WHEN r.register = 'early_years' AND ended(r) THEN CASE WHEN r.valid_to > r.end_known_on THEN r.valid_to ELSE r.end_known_on END END) AS early_left,
     max(CASE WHEN r.register IN ['school', 'home_education', 'la_tuition'] AND ended(r)
              THEN CASE WHEN r.valid_to > r.end_known_on THEN r.valid_to ELSE r.end_known_on END END) AS school_left
WHERE lists = 0 OR (entries = 0 AND (places = 0 OR rolls = 0))
UNWIND $births_turns AS turn
WITH c, lists, places, rolls, schools, gp_left, early_left, school_left, entries,
     count(CASE WHEN turn <= born(c) THEN 1 END) AS turns, count(CASE WHEN turn <= plus_days(born(c), $births) THEN 1 END) AS later
WITH c, plus_days(CASE WHEN born(c) > c.first_known_on THEN born(c) ELSE c.first_known_on END, $gp) AS gp_due, lists, gp_left, early_left, school_left,
     CASE WHEN entries = 0 AND turns = later AND turns % 2 = 1 AND days_between(born(c), $as_at) > $births
               AND days_between(born(c), c.first_known_on) <= $births THEN plus_days(born(c), $births + 1) END AS no_birth,
     CASE WHEN places = 0 AND schools = 0 AND born(c) IS NOT NULL AND c.school_from > $as_at AND days_between(c.early_years_from, $as_at) > $early
               AND $early_from <= plus_days(c.early_years_from, $early) THEN plus_days(c.early_years_from, $early + 1) END AS no_place,
     CASE WHEN rolls = 0 AND born(c) IS NOT NULL AND c.school_until > $as_at AND days_between(c.school_from, $as_at) > $school
               AND $school_from <= plus_days(c.school_from, $school) THEN plus_days(c.school_from, $school + 1) END AS no_roll
WITH c, no_birth, no_place, no_roll,
     CASE WHEN lists = 0 AND gp_due < $as_at AND $gp_from <= gp_due THEN CASE WHEN gp_left > gp_due THEN gp_left ELSE plus_days(gp_due, 1) END END AS no_list,
     CASE WHEN no_place IS NOT NULL THEN CASE WHEN early_left > no_place THEN early_left ELSE no_place END
          WHEN no_roll IS NOT NULL THEN CASE WHEN school_left > no_roll THEN school_left ELSE no_roll END END AS no_third
WHERE (no_birth IS NOT NULL AND no_list IS NOT NULL) OR (no_birth IS NOT NULL AND no_third IS NOT NULL) OR (no_list IS NOT NULL AND no_third IS NOT NULL)
WITH c, no_birth, no_list, no_third, no_place, count(*) AS barrier
OPTIONAL MATCH (c)-[e:REGISTERED_WITH]->(:Agency)
WHERE ended(e) AND e.register IN ['gp', 'school', 'early_years', 'home_education', 'la_tuition']
WITH c, no_birth, no_list, no_third, no_place, max(e.end_known_on) AS told, collect(DISTINCT e.row) AS rows
RETURN c.id AS child,
       CASE WHEN no_birth IS NULL THEN CASE WHEN no_list > no_third THEN no_list ELSE no_third END
            WHEN no_list IS NULL THEN CASE WHEN no_birth > no_third THEN no_birth ELSE no_third END
            WHEN no_third IS NULL THEN CASE WHEN no_list > no_birth THEN no_list ELSE no_birth END
            WHEN no_birth >= no_list AND no_birth >= no_third THEN CASE WHEN no_list > no_third THEN no_list ELSE no_third END
            WHEN no_list >= no_third THEN CASE WHEN no_birth > no_third THEN no_birth ELSE no_third END
            ELSE CASE WHEN no_list > no_birth THEN no_list ELSE no_birth END END AS since,
       CASE WHEN told > c.child_from THEN told ELSE c.child_from END AS known_on, rows, age_band(c) AS band,
       CASE WHEN no_birth IS NULL THEN 'GP list and ' WHEN no_list IS NULL THEN 'births register and ' WHEN no_third IS NULL THEN 'births register and GP list'
            ELSE 'births register, GP list and ' END
       + CASE WHEN no_third IS NULL THEN '' WHEN no_place IS NOT NULL THEN 'early years' ELSE 'school roll' END AS missing,
       CASE WHEN c.id = '' THEN c.id END AS place, CASE WHEN c.id = '' THEN c.child_from END AS listed_on, CASE WHEN c.id = '' THEN c.id END AS sibling
