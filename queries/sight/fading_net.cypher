// title: Professional links of one child
// question: Which professionals and agencies were linked to this child, why did each link end, and did anybody take over?
// population: person
// parameters:
//   child: {kind: person, help: "The child: a record id, an identifier or a name that only one has."}
//   level: {kind: int, default: 3, least: 1, most: 5, help: "The least that counts as a contact that reached the child: 3 seen in person."}
//   days: {kind: int, default: 90, least: 1, most: 6600, help: Days for which such a contact counts as a live link.}
//   handover: {kind: int, default: 28, least: 0, most: 365, help: "Days after an end within which somebody of the same kind takes over."}
// columns:
//   agency: {kind: agency, doc: "The agency; of an allocated worker, the employer where one is named."}
//   agency_kind: {kind: text, doc: What kind of agency.}
//   tie: {kind: text, doc: "registered, involved, allocated (a named worker), or contact (contacts that reached the child)."}
//   what: {kind: text, doc: "The register, the status of an involvement, or the worker's role."}
//   worker: {kind: text, doc: The worker who is allocated.}
//   since: {kind: date, doc: "First day; where none is stated, the day it was known. Of contacts the first that reached the child."}
//   until: {kind: date, doc: "First day the link no longer stood, where that was known."}
//   end_reason: {kind: text, doc: "Why it ended, as stated."}
//   last_reached: {kind: date, doc: "This agency's last contact that reached the child."}
//   taken_over: {kind: bool, doc: "Whether another agency of the same kind (or another worker of that role) took over in time; none while there is time."}
//   taken_over_on: {kind: date, doc: "Day of that, the end itself where the other was there already."}
//   row: {kind: row, doc: "Load, file and line; of contacts, of the last."}
// sort: [since, tie, agency_kind, agency, what, row]
// caveats:
//   - An agency whose extract is not loaded is not known here, nor whether it took over.
//   - A place on a roll that ends in home education is not taken over by another school, and is shown so.
//   - The births register and school admissions are no live links and are left out.
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(g:Agency)
WHERE c.id = $child AND known(r) AND NOT r.register IN ['births', 'admissions']
WITH c, r, g, CASE WHEN ended(r) THEN r.valid_to END AS ended_on
OPTIONAL MATCH (c)-[t:REGISTERED_WITH|INVOLVED_WITH]->(h:Agency)
WHERE c.id = $child AND known(t)
WITH c, r, g, ended_on,
     min(CASE WHEN t.key <> r.key AND h.kind = g.kind AND (open(t) OR (ended(t) AND t.valid_to > ended_on))
                   AND days_between(ended_on, coalesce(t.valid_from, t.known_on)) <= $handover
              THEN CASE WHEN coalesce(t.valid_from, t.known_on) > ended_on THEN coalesce(t.valid_from, t.known_on) ELSE ended_on END END) AS other
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE c.id = $child AND known(b) AND b.level >= $level
WITH r, g, ended_on, other, max(CASE WHEN b.agency = g.id THEN b.occurred_on END) AS last_reached,
     min(CASE WHEN b.agency_kind = g.kind AND b.agency <> g.id AND b.occurred_on > ended_on
                   AND days_between(ended_on, b.occurred_on) <= $handover THEN b.occurred_on END) AS seen_by
WHERE g.id IS NOT NULL
WITH r, g, ended_on, last_reached, CASE WHEN other <= seen_by OR seen_by IS NULL THEN other ELSE seen_by END AS taken
RETURN g.id AS agency, g.kind AS agency_kind, 'registered' AS tie, r.register AS what, CASE WHEN g.id IS NULL THEN g.id END AS worker,
       coalesce(r.valid_from, r.known_on) AS since, ended_on AS until, CASE WHEN ended_on IS NOT NULL THEN r.end_reason END AS end_reason,
       last_reached, CASE WHEN taken IS NOT NULL THEN true WHEN days_between(ended_on, $as_at) > $handover THEN false END AS taken_over,
       taken AS taken_over_on, r.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[i:INVOLVED_WITH]->(g:Agency)
WHERE c.id = $child AND known(i)
WITH c, i, g, CASE WHEN ended(i) THEN i.valid_to END AS ended_on
OPTIONAL MATCH (c)-[t:REGISTERED_WITH|INVOLVED_WITH]->(h:Agency)
WHERE c.id = $child AND known(t)
WITH c, i, g, ended_on,
     min(CASE WHEN t.key <> i.key AND h.kind = g.kind AND (open(t) OR (ended(t) AND t.valid_to > ended_on))
                   AND days_between(ended_on, coalesce(t.valid_from, t.known_on)) <= $handover
              THEN CASE WHEN coalesce(t.valid_from, t.known_on) > ended_on THEN coalesce(t.valid_from, t.known_on) ELSE ended_on END END) AS other
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE c.id = $child AND known(b) AND b.level >= $level
WITH i, g, ended_on, other, max(CASE WHEN b.agency = g.id THEN b.occurred_on END) AS last_reached,
     min(CASE WHEN b.agency_kind = g.kind AND b.agency <> g.id AND b.occurred_on > ended_on
                   AND days_between(ended_on, b.occurred_on) <= $handover THEN b.occurred_on END) AS seen_by
WHERE g.id IS NOT NULL
WITH i, g, ended_on, last_reached, CASE WHEN other <= seen_by OR seen_by IS NULL THEN other ELSE seen_by END AS taken
RETURN g.id AS agency, g.kind AS agency_kind, 'involved' AS tie, i.status AS what, CASE WHEN g.id IS NULL THEN g.id END AS worker,
       coalesce(i.valid_from, i.known_on) AS since, ended_on AS until, CASE WHEN ended_on IS NOT NULL THEN i.end_reason END AS end_reason,
       last_reached, CASE WHEN taken IS NOT NULL THEN true WHEN days_between(ended_on, $as_at) > $handover THEN false END AS taken_over,
       taken AS taken_over_on, i.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[l:ALLOCATED_TO]->(w:Professional)
WHERE c.id = $child AND known(l)
WITH c, l, w
OPTIONAL MATCH (w)-[f:WORKS_FOR]->(g:Agency)
WHERE known(f)
WITH c, l, w, min(g.id) AS employer, min(g.kind) AS kind, CASE WHEN ended(l) THEN l.valid_to END AS ended_on
OPTIONAL MATCH (c)-[u:ALLOCATED_TO]->(:Professional)
WHERE c.id = $child AND known(u)
WITH c, l, w, employer, kind, ended_on,
     min(CASE WHEN u.key <> l.key AND coalesce(u.role, '') = coalesce(l.role, '') AND (open(u) OR (ended(u) AND u.valid_to > ended_on))
                   AND days_between(ended_on, coalesce(u.valid_from, u.known_on)) <= $handover
              THEN CASE WHEN coalesce(u.valid_from, u.known_on) > ended_on THEN coalesce(u.valid_from, u.known_on) ELSE ended_on END END) AS taken
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE c.id = $child AND known(b) AND b.level >= $level
WITH l, w, employer, kind, ended_on, taken, max(CASE WHEN b.agency = employer THEN b.occurred_on END) AS last_reached
WHERE w.id IS NOT NULL
RETURN employer AS agency, kind AS agency_kind, 'allocated' AS tie, coalesce(l.role, w.role) AS what, coalesce(w.name, w.id) AS worker,
       coalesce(l.valid_from, l.known_on) AS since, ended_on AS until, CASE WHEN w.id IS NULL THEN w.id END AS end_reason,
       last_reached, CASE WHEN taken IS NOT NULL THEN true WHEN days_between(ended_on, $as_at) > $handover THEN false END AS taken_over,
       taken AS taken_over_on, l.row AS row
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a) AND a.level >= $level AND a.agency IS NOT NULL
WITH c, a.agency AS maker, a.agency_kind AS kind, min(a.occurred_on) AS first_reached, max(a.occurred_on) AS last_reached
WHERE maker IS NOT NULL
WITH c, maker, kind, first_reached, last_reached,
     CASE WHEN days_between(last_reached, $as_at) > $days THEN plus_days(last_reached, $days + 1) END AS ended_on
OPTIONAL MATCH (c)-[t:REGISTERED_WITH|INVOLVED_WITH]->(h:Agency)
WHERE c.id = $child AND known(t)
WITH c, maker, kind, first_reached, last_reached, ended_on,
     min(CASE WHEN h.id <> maker AND h.kind = kind AND (open(t) OR (ended(t) AND t.valid_to > ended_on))
                   AND days_between(ended_on, coalesce(t.valid_from, t.known_on)) <= $handover
              THEN CASE WHEN coalesce(t.valid_from, t.known_on) > ended_on THEN coalesce(t.valid_from, t.known_on) ELSE ended_on END END) AS other
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE c.id = $child AND known(b) AND b.level >= $level
WITH maker, kind, first_reached, last_reached, ended_on, other,
     min(CASE WHEN b.agency_kind = kind AND b.agency <> maker AND b.occurred_on > last_reached
                   AND days_between(ended_on, b.occurred_on) <= $handover THEN b.occurred_on END) AS seen_by,
     min(CASE WHEN b.agency = maker AND b.occurred_on = last_reached THEN b.row END) AS row
WITH maker, kind, first_reached, last_reached, ended_on, row,
     CASE WHEN other <= seen_by OR seen_by IS NULL THEN other ELSE seen_by END AS taken
RETURN maker AS agency, kind AS agency_kind, 'contact' AS tie, CASE WHEN maker IS NULL THEN maker END AS what,
       CASE WHEN maker IS NULL THEN maker END AS worker, first_reached AS since, ended_on AS until,
       CASE WHEN ended_on IS NOT NULL THEN 'no contact that reached the child' END AS end_reason, last_reached,
       CASE WHEN taken IS NOT NULL AND ended_on IS NOT NULL THEN true WHEN days_between(ended_on, $as_at) > $handover THEN false END AS taken_over,
       CASE WHEN ended_on IS NOT NULL THEN taken END AS taken_over_on, row
