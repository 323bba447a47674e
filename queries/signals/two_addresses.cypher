// title: Two addresses at once
// question: Which children have two places at once as where they live now, by what sources or adults say?
// population: children
// signal: G11
// duty: offer
// clears: "The sources agree on one place, a later statement replaces the old one, or the claim grows too old to count."
// window: days
// parameters:
//   days: {kind: int, default: 365, least: 1, most: 6600, help: "Days for which an address observed on a day, or what somebody said, still counts."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which two of these statements stood beside each other.}
//   known_on: {kind: date, doc: Day the latest of them was known.}
//   rows: {kind: rows, doc: "Load, file and line of every statement that contradicts another."}
//   band: {kind: text, doc: Age band., hidden: true}
//   place: {kind: place, doc: One place; the one that is more than a claim where there is one.}
//   other_place: {kind: place, doc: Another place.}
//   conflict: {kind: text, doc: On whose word the two are stated.}
//   places: {kind: int, doc: How many places contradict another.}
// sort: [-known_on, child]
// sentence:
//   - "{place} and {other_place} are both said to be home now: {conflict}."
// rule_out: [Separated parents., An address that one source has not changed yet., Two spellings of one address.]
// check: [Ask each source for the date and the evidence., Visit both.]
// helps: [gp_list, health_visiting, health_visiting_caseload, school_roll, housing, missing_education, social_care_contacts]
// caveats:
//   - Second homes, placements, boarding and refuges are left out.
//   - "An observed address is current until any source states another one from a later day that is not only claimed."
//   - "Two addresses that only one source states are left out; the question conflicting_locations lists each pair."
MATCH (c:Person)-[l:LIVES_AT]->(h:Address)
WHERE child(c) AND NOT unborn(c) AND open(l) AND h.kind <> 'not_known' AND NOT coalesce(l.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (l.basis = 'registered' OR days_between(coalesce(l.valid_from, l.known_on), $as_at) <= $days)
WITH c, min(h.id) AS low, max(h.id) AS high
WHERE low <> high
MATCH (c)-[m:LIVES_AT]->(g:Address)
WHERE open(m) AND g.kind <> 'not_known' AND NOT coalesce(m.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (m.basis = 'registered' OR days_between(coalesce(m.valid_from, m.known_on), $as_at) <= $days)
WITH c, m, g
OPTIONAL MATCH (c)-[r:LIVES_AT]->(k:Address)
WHERE known(r) AND r.basis <> 'claimed' AND days_between(r.valid_from, $as_at) < $days
WITH c, m, g, count(CASE WHEN m.basis = 'observed' AND r.valid_from > m.valid_from AND apart(g, k) THEN 1 END) AS after
WHERE after = 0
WITH c, min(g.id) AS lowest, max(g.id) AS highest, collect(DISTINCT g.id) AS spots
WHERE lowest <> highest
UNWIND spots AS spot
MATCH (h:Address)
WHERE h.id = spot
WITH c, spots, h, count(*) AS barrier
UNWIND spots AS spot
MATCH (o:Address)
WHERE o.id = spot AND apart(h, o)
WITH c, h, o, count(*) AS barrier
MATCH (c)-[x:LIVES_AT]->(p:Address)
WHERE open(x) AND NOT coalesce(x.kind, 'home') IN ['second_home', 'placement', 'boarding', 'refuge']
  AND (x.basis = 'registered' OR days_between(coalesce(x.valid_from, x.known_on), $as_at) <= $days)
WITH c, h, o, x, CASE WHEN p.id = h.id THEN 1 WHEN p.id = o.id THEN 2 END AS side,
     CASE WHEN x.valid_from > x.known_on THEN x.valid_from ELSE x.known_on END AS day
WHERE side IS NOT NULL
WITH c, h.id AS place, o.id AS other, min(CASE WHEN side = 1 THEN day END) AS began, min(CASE WHEN side = 2 THEN day END) AS other_began,
     max(x.known_on) AS told, min(x.source) AS one, max(x.source) AS two, count(CASE WHEN x.basis = 'claimed' THEN 1 END) AS claims,
     count(CASE WHEN side = 1 AND x.basis <> 'claimed' THEN 1 END) AS stated, count(CASE WHEN side = 2 AND x.basis <> 'claimed' THEN 1 END) AS other_stated,
     collect(DISTINCT x.row) AS rows
WHERE one <> two OR claims > 0
UNWIND rows AS row
WITH c, min(CASE WHEN began > other_began THEN began ELSE other_began END) AS since, max(told) AS known_on,
     min(CASE WHEN stated > 0 AND other_stated > 0 THEN '1' WHEN stated > 0 THEN '2' WHEN other_stated > 0 THEN '3' ELSE '4' END
         + place + '|' + other) AS best, collect(DISTINCT row) AS rows,
     collect(DISTINCT place) AS places
UNWIND ['1', '2', '4'] AS rank
UNWIND places AS place
UNWIND places AS other
WITH c, since, known_on, best, rows, places, rank, place, other
WHERE rank + place + '|' + other = best
WITH c, since, known_on, rows, places, min(rank) AS rank, min(place) AS place, min(other) AS other_place
RETURN c.id AS child, since, known_on, rows, age_band(c) AS band, place, other_place,
       CASE rank WHEN '1' THEN 'each by a source of its own' WHEN '2' THEN 'the second only by what somebody said'
                 ELSE 'both only by what somebody said' END AS conflict, size(places) AS places
