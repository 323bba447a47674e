// title: Agencies around one child
// question: Which agencies know this child, since when, and which registers do not hold the child?
// population: person
// parameters:
//   child: {kind: person, help: "The child (or any other person): a record id, an identifier or a name that only one has."}
// derived: [registers, loaded_registers]
// columns:
//   agency: {kind: text, doc: The agency.}
//   agency_kind: {kind: text, doc: What kind of agency.}
//   tie: {kind: text, doc: "registered, involved, contact (nothing but contacts), or register without this child."}
//   register: {kind: text, doc: "The register, or the status of an involvement."}
//   since: {kind: date, doc: "First day, as stated; of contacts, the first."}
//   until: {kind: date, doc: "First day it no longer held, where that was known."}
//   end_reason: {kind: text, doc: "Why it ended, as stated."}
//   last_contact: {kind: date, doc: This agency's last contact about the child.}
//   last_seen: {kind: date, doc: Its last sighting in person (level 3 or more).}
//   loaded: {kind: bool, doc: "Whether the register was loaded; if not, its silence says nothing."}
// sort: [tie, agency_kind, agency, register, since]
// caveats:
//   - An agency whose extract is not loaded is not known here.
//   - A register is named as without this child where the child's age calls for it; not every child must be on every register.
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[r:REGISTERED_WITH]->(g:Agency)
WHERE c.id = $child AND known(r)
WITH c, g, r.register AS register, r.valid_from AS since,
     CASE WHEN r.end_known_on <= $as_at AND r.valid_to <= $as_at THEN r.valid_to END AS until,
     CASE WHEN r.end_known_on <= $as_at AND r.valid_to <= $as_at THEN r.end_reason END AS end_reason
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a)
WITH g, register, since, until, end_reason, max(CASE WHEN a.agency = g.id THEN a.occurred_on END) AS last_contact,
     max(CASE WHEN a.agency = g.id AND a.level >= 3 THEN a.occurred_on END) AS last_seen
WHERE g.id IS NOT NULL
RETURN coalesce(g.name, g.id) AS agency, g.kind AS agency_kind, 'registered' AS tie, register, since, until, end_reason, last_contact,
       last_seen, true AS loaded
UNION ALL
MATCH (c:Person)
WHERE c.id = $child
WITH c
OPTIONAL MATCH (c)-[i:INVOLVED_WITH]->(g:Agency)
WHERE c.id = $child AND known(i)
WITH c, g, i.status AS register, i.valid_from AS since,
     CASE WHEN i.end_known_on <= $as_at AND i.valid_to <= $as_at THEN i.valid_to END AS until,
     CASE WHEN i.end_known_on <= $as_at AND i.valid_to <= $as_at THEN i.end_reason END AS end_reason
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a)
WITH g, register, since, until, end_reason, max(CASE WHEN a.agency = g.id THEN a.occurred_on END) AS last_contact,
     max(CASE WHEN a.agency = g.id AND a.level >= 3 THEN a.occurred_on END) AS last_seen
WHERE g.id IS NOT NULL
RETURN coalesce(g.name, g.id) AS agency, g.kind AS agency_kind, 'involved' AS tie, register, since, until, end_reason, last_contact,
       last_seen, true AS loaded
UNION ALL
MATCH (c:Person)<-[a:ABOUT]-()
WHERE c.id = $child AND known(a) AND a.agency IS NOT NULL
WITH c, a.agency AS maker, min(a.occurred_on) AS since, max(a.occurred_on) AS last_contact,
     max(CASE WHEN a.level >= 3 THEN a.occurred_on END) AS last_seen
OPTIONAL MATCH (c)-[t:REGISTERED_WITH|INVOLVED_WITH]->(h:Agency)
WHERE c.id = $child AND known(t)
WITH maker, since, last_contact, last_seen, count(CASE WHEN h.id = maker THEN 1 END) AS ties
WHERE ties = 0
MATCH (g:Agency)
WHERE g.id = maker
RETURN coalesce(g.name, g.id) AS agency, g.kind AS agency_kind, 'contact' AS tie, CASE WHEN ties > 0 THEN g.id END AS register, since,
       CASE WHEN ties > 0 THEN since END AS until, CASE WHEN ties > 0 THEN g.id END AS end_reason, last_contact, last_seen, true AS loaded
UNION ALL
UNWIND $registers AS one
MATCH (c:Person)
WHERE c.id = $child
  AND (born(c) IS NULL OR one IN ['births', 'gp'] OR (one = 'health_visiting' AND c.five_on > $as_at)
       OR (one = 'early_years' AND c.early_years_from <= $as_at AND c.school_from > $as_at)
       OR (one IN ['admissions', 'school'] AND c.school_from <= $as_at AND c.school_until > $as_at))
WITH one, c
OPTIONAL MATCH (c)-[u:REGISTERED_WITH]->(:Agency)
WHERE c.id = $child AND open(u)
WITH one, c, count(CASE WHEN u.register = one THEN 1 END) AS ties
WHERE ties = 0
RETURN CASE WHEN ties > 0 THEN one END AS agency, CASE WHEN ties > 0 THEN one END AS agency_kind, 'register without this child' AS tie,
       one AS register, CASE WHEN ties > 0 THEN c.born_on END AS since, CASE WHEN ties > 0 THEN c.born_on END AS until,
       CASE WHEN ties > 0 THEN one END AS end_reason, CASE WHEN ties > 0 THEN c.born_on END AS last_contact,
       CASE WHEN ties > 0 THEN c.born_on END AS last_seen, one IN $loaded_registers AS loaded
