// title: Another child of the household was seen, this one was not
// question: At which home visits was another child seen and this one, unseen for months, was not?
// population: children
// signal: G03
// event: true
// duty: offer
// clears: "A person closes it, having asked where the child was; withdrawing one of the two rows ends it too."
// window: 6600
// parameters:
//   days: {kind: int, default: 90, least: 1, most: 6600, help: Days without a sighting of this child before the visit.}
// columns:
//   child: {kind: person, doc: The child who was not seen.}
//   since: {kind: date, doc: Day on which the first such visit was known with all that it takes.}
//   known_on: {kind: date, doc: The same of the latest such visit.}
//   rows: {kind: rows, doc: "Load, file and line of the rows about this child and about the others at those visits."}
//   band: {kind: text, doc: Age band., hidden: true}
//   others: {kind: people, doc: Children who were seen there on those days.}
//   visits: {kind: int, doc: Days with such a visit.}
//   visit_on: {kind: date, doc: Day of the latest such visit.}
//   sources: {kind: words, doc: Sources that tell of them.}
//   last_seen: {kind: date, doc: "Last sighting of this child, as known when the latest such visit was; none where there was none."}
// sort: [since, child]
// sentence:
//   - "At a home visit on {visit_on} another child was seen and this one was not; the last sighting of this child by a loaded agency known then was on {last_seen}."
//   - "At a home visit on {visit_on} another child was seen and this one was not; no sighting of this child by a loaded agency was known then."
// rule_out:
//   - The child was at nursery or school.
//   - The child was with the other parent.
//   - A baby who was asleep.
// check:
//   - Ask where the child was.
//   - Go back when the child is there.
// helps: [health_visiting, police_notices, social_care_contacts, ambulance]
// caveats:
//   - "Seen and not seen go together where the same source tells of both on the same day at the same property, at home for both: one contact or two. A school, a clinic and an area never count."
//   - "The other is anyone under 18 known as a child who was seen there (level 3 or more), whether or not a source says that both live there. This child's own level is 0, 1 or 2; where the source is silent about this child, nothing is concluded."
//   - "It is judged with what was known on the day on which both rows were: this child's last sighting known by then, on any day, lies more than 90 days before the visit. Without one the days run from birth or the day first known, whichever is later. A sighting between the visit and that day counts too."
//   - What became known later, a sighting among it, does not undo it; the withdrawal of one of the two rows does.
//   - "Nothing is linked through a protected address: several families live in a refuge."
MATCH (c:Person)<-[a:ABOUT]-(k:Contact)
WHERE child(c) AND NOT unborn(c) AND known(a) AND a.at_home AND a.level < 3
WITH c, k, a
OPTIONAL MATCH (c)<-[s:ABOUT]-()
WHERE known(s) AND s.level >= 3
WITH c, k, min(a.occurred_on) AS day, min(a.known_on) AS told, min(a.source) AS source, min(a.row) AS row,
     max(CASE WHEN known(s, a.known_on) THEN s.occurred_on END) AS seen_on
WHERE seen_on IS NULL OR days_between(seen_on, day) > $days
MATCH (k)-[:AT]->(h:Address)
WHERE h.kind = 'property' AND NOT coalesce(h.protected, false)
WITH c, h, day, told, source, row
MATCH (h)<-[:AT]-(v:Contact)
WITH c, v, day, told, source, row
MATCH (v)-[b:ABOUT]->(o:Person)
WHERE known(b) AND b.at_home AND b.level >= 3
WITH c, o, day, told, source, row, b
WHERE b.occurred_on = day AND b.source = source AND o.id <> c.id
WITH c, o, day, source, row, b.row AS other_row, max(CASE WHEN b.known_on > told THEN b.known_on ELSE told END) AS judged_on
WHERE o.child_from <= judged_on AND (o.child_until IS NULL OR o.child_until > day)
WITH c, o, day, source, row, other_row, judged_on
OPTIONAL MATCH (c)<-[e:ABOUT]-()
WHERE known(e) AND e.level >= 3
WITH c, o, day, source, row, other_row, judged_on, max(CASE WHEN known(e, judged_on) THEN e.occurred_on END) AS last_seen
WITH c, o, day, source, row, other_row, judged_on, last_seen,
     CASE WHEN c.born_known_on <= judged_on AND c.born_on > c.first_known_on THEN c.born_on ELSE c.first_known_on END AS start
WHERE days_between(coalesce(last_seen, start), day) > $days
WITH c, min(judged_on) AS since, max(judged_on) AS known_on, max(day) AS visit_on, max(last_seen) AS last_seen,
     count(DISTINCT day) AS visits, collect(DISTINCT o.id) AS others, collect(DISTINCT source) AS sources,
     collect(DISTINCT row) AS rows_here, collect(DISTINCT other_row) AS rows_there
RETURN c.id AS child, since, known_on, rows_here + coalesce(rows_there, rows_here) AS rows, age_band(c) AS band, others, visits, visit_on, sources,
       last_seen
