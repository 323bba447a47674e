// title: Moved away, as somebody says
// question: Which children does somebody say to live elsewhere, where no practice or school of that area has them?
// population: children
// signal: G12
// event: true
// duty: offer
// clears: "A person closes it, having a GP, a school or social care there confirm the child; a wrong claim can be disputed."
// window: days
// parameters:
//   days: {kind: int, default: 28, least: 0, most: 400, help: "Days after what was said, after which a registration there should have begun."}
//   current: {kind: int, default: 365, least: 1, most: 6600, help: "Days for which an address observed on a day proves a home."}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which such a claim stood unproved.}
//   known_on: {kind: date, doc: The same of the latest such claim.}
//   rows: {kind: rows, doc: "Load, file and line of what was said and of the other area's answers."}
//   band: {kind: text, doc: Age band., hidden: true}
//   place: {kind: place, doc: Where the child was said to live.}
//   said_on: {kind: date, doc: Day on which it was said.}
//   denied_on: {kind: date, doc: "Day of a check with a named area that found nothing of the child there."}
//   claims: {kind: int, doc: How many such claims stand unproved.}
// sort: [-known_on, child]
// sentence:
//   - "Said on {said_on} to live at {place}; no practice or school there had the child when it was due. Contradicted: a check on {denied_on} found no record there."
//   - "Said on {said_on} to live at {place}; no practice or school there had the child when it was due."
// rule_out: [A genuine recent move., A refuge., A move abroad.]
// check: ["Ask practice, school and social care there.", Ask the social care or police of that area to see the child., "Ask with whom: it may be private fostering."]
// helps: [gp_list, school_roll, missing_education, school_concerns]
// caveats:
//   - "Proof that counts: a home that some source registers or observes there, or a practice or school of that area with the child on its list. Lists of other areas are seldom loaded."
//   - A place inside this area is proved by a home stated there only, since any practice here is in its area.
MATCH (c:Person)-[l:LIVES_AT]->(p:Address)
WHERE child(c) AND NOT unborn(c) AND known(l) AND l.basis = 'claimed' AND p.kind <> 'not_known'
WITH c, l, p, plus_days(coalesce(l.valid_from, l.known_on), $days + 1) AS due
WITH c, l, p, CASE WHEN l.known_on > due THEN l.known_on ELSE due END AS day
WHERE day <= $as_at
OPTIONAL MATCH (c)-[s:LIVES_AT]->(a:Address)
WHERE known(s) AND s.basis <> 'claimed'
WITH c, l, p, day, count(CASE WHEN s.basis = 'registered' AND open(s, day) AND NOT apart(p, a) THEN 1 END) AS homes,
     max(CASE WHEN s.basis = 'observed' AND open(s, day) AND NOT apart(p, a) AND days_between(coalesce(s.valid_from, s.known_on), day) <= $current
              THEN coalesce(s.valid_from, s.known_on) END) AS there,
     max(CASE WHEN known(s, day) AND apart(p, a) THEN s.valid_from END) AS elsewhere
WHERE homes = 0 AND (there IS NULL OR elsewhere > there)
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(g:Agency)
WHERE known(r) AND r.register IN ['gp', 'school']
WITH c, l, p, day, count(CASE WHEN NOT coalesce(p.in_area, false) AND open(r, day) AND lower(trim(g.area)) = lower(trim(p.area)) THEN 1 END) AS lists
WHERE lists = 0
WITH c, min(day) AS since, max(day) AS known_on, count(*) AS claims, collect(l.key) AS unproved
MATCH (c)-[y:LIVES_AT]->(q:Address)
WHERE known(y) AND y.basis = 'claimed' AND y.key IN unproved
WITH c, since, known_on, claims, y, plus_days(coalesce(y.valid_from, y.known_on), $days + 1) AS due
WITH c, since, known_on, claims, min(CASE WHEN since = y.known_on OR since = due THEN y.key END) AS best, collect(DISTINCT y.row) AS said
MATCH (c)-[z:LIVES_AT]->(h:Address)
WHERE known(z) AND z.basis = 'claimed' AND z.key = best
WITH c, since, known_on, claims, said, h, coalesce(z.valid_from, z.known_on) AS said_on
OPTIONAL MATCH (c)<-[b:ABOUT]-(k:Contact)
WHERE known(b) AND b.kind = 'area_check'
WITH c, since, known_on, claims, said, h, said_on, b, k
OPTIONAL MATCH (k)-[:AT]->(w:Address)
WITH c, since, known_on, claims, said, h, said_on,
     max(CASE WHEN k.outcome = 'negative' AND NOT apart(h, w) THEN b.occurred_on END) AS denied_on,
     collect(DISTINCT CASE WHEN k.outcome = 'negative' AND NOT apart(h, w) THEN b.row END) AS answers
RETURN c.id AS child, since, known_on, said + coalesce(answers, said) AS rows, age_band(c) AS band, h.id AS place,
       said_on, denied_on, claims
