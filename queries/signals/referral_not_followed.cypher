// title: A referral by the public, and the child not seen since
// question: Which children were named in an anonymous or public referral, or lived where it was about, and have not been seen since?
// population: children
// signal: G10
// duty: offer
// clears: "A sighting in person (level 3 or more) of this child on or after the day of the referral."
// window: 6600
// parameters:
//   days: {kind: int, default: 14, least: 0, most: 6600, help: Days after the referral in which the child is to be seen.}
// columns:
//   child: {kind: person, doc: The child.}
//   since: {kind: date, doc: First day on which the time after a referral had passed and it was known.}
//   known_on: {kind: date, doc: "Day the latest of the facts used was known: of the referrals, and of where the child lived."}
//   rows: {kind: rows, doc: "Load, file and line of the referrals, and of the statements that the child lived there."}
//   band: {kind: text, doc: Age band., hidden: true}
//   referred_on: {kind: date, doc: Day of the first referral since the last sighting.}
//   last_referred_on: {kind: date, doc: Day of the last of them.}
//   last_seen: {kind: date, doc: Last sighting before them; none where there is none on record.}
// sort: [since, child]
// sentence:
//   - "An anonymous or public referral of {referred_on} was about this child or their home; no sighting by a loaded agency since {last_seen}."
//   - "An anonymous or public referral of {referred_on} was about this child or their home; no sighting by a loaded agency on record."
// rule_out:
//   - A malicious referral, or one of many in a dispute of neighbours; that is never a reason not to look.
// check:
//   - See every child of the household.
//   - See where they sleep.
// helps: [social_care_contacts, police_notices, health_visiting, gp_contacts, attendance, school_concerns]
// caveats:
//   - "A referral counts for a child whom it names, and for every child who lived on that day at the property it was about. Lived there: by a registered address that was open over that day, or by one observed that no other unclaimed address of a later day up to the referral had replaced; a claim never counts. What is known by the day asked decides."
//   - A sighting (level 3 or more) on the day of the referral or later answers it for that child only; another child being seen does not.
//   - "Nothing is linked through a protected address: there only the children named in the referral count."
//   - However long ago the referral was, it stays until the child is seen.
MATCH (c:Person)
WHERE child(c) AND NOT unborn(c)
WITH c
OPTIONAL MATCH (c)<-[s:ABOUT]-()
WHERE known(s) AND s.level >= 3
WITH c, max(s.occurred_on) AS last_seen
WHERE last_seen IS NULL OR days_between(last_seen, $as_at) > $days
OPTIONAL MATCH (c)<-[a:ABOUT]-()
WHERE known(a) AND a.kind = 'referral_anonymous' AND days_between(a.occurred_on, $as_at) > $days
WITH c, last_seen, a.occurred_on AS named_on, a.known_on AS named_told, a.row AS named_row
OPTIONAL MATCH (c)-[l:LIVES_AT]->(h:Address)<-[:AT]-(k:Contact)
WHERE known(l) AND l.basis <> 'claimed' AND h.kind = 'property' AND NOT coalesce(h.protected, false)
  AND k.kind = 'referral_anonymous' AND known(k) AND days_between(k.occurred_on, $as_at) > $days
  AND coalesce(l.valid_from, k.occurred_on) <= k.occurred_on
  AND NOT coalesce(l.valid_to <= k.occurred_on AND l.end_known_on <= $as_at, false)
WITH c, last_seen, named_on, named_told, named_row, l.basis AS basis, l.valid_from AS start, l.row AS lived_row, h.id AS place,
     h.area AS area, k.occurred_on AS day, k.row AS row, CASE WHEN l.known_on > k.known_on THEN l.known_on ELSE k.known_on END AS told
WHERE (last_seen IS NULL AND coalesce(named_on, day) IS NOT NULL) OR named_on > last_seen OR day > last_seen
OPTIONAL MATCH (c)-[n:LIVES_AT]->(o:Address)
WHERE known(n) AND n.basis <> 'claimed'
WITH c, last_seen, named_on, named_told, named_row, lived_row, day, row, told,
     count(CASE WHEN basis = 'observed' AND n.valid_from > start AND n.valid_from <= day AND o.id <> place
                     AND NOT (o.kind = 'area' AND coalesce(o.area, '?') = coalesce(area, '')) THEN 1 END) AS later
WITH c, last_seen, min(CASE WHEN later = 0 AND (last_seen IS NULL OR day > last_seen) THEN day END) AS there_on,
     max(CASE WHEN later = 0 AND (last_seen IS NULL OR day > last_seen) THEN day END) AS last_there_on,
     max(CASE WHEN later = 0 AND (last_seen IS NULL OR day > last_seen) THEN told END) AS there_told,
     min(CASE WHEN later > 0 OR last_seen >= day THEN NULL WHEN told > plus_days(day, $days) THEN told
              ELSE plus_days(day, $days + 1) END) AS there_since,
     min(CASE WHEN last_seen IS NULL OR named_on > last_seen THEN named_on END) AS named_on,
     max(CASE WHEN last_seen IS NULL OR named_on > last_seen THEN named_on END) AS last_named_on,
     max(CASE WHEN last_seen IS NULL OR named_on > last_seen THEN named_told END) AS named_told,
     min(CASE WHEN last_seen >= named_on THEN NULL WHEN named_told > plus_days(named_on, $days) THEN named_told
              ELSE plus_days(named_on, $days + 1) END) AS named_since,
     CASE WHEN c.expected_on IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT CASE WHEN later = 0 AND (last_seen IS NULL OR day > last_seen) THEN row END) AS rows_there,
     collect(DISTINCT CASE WHEN later = 0 AND (last_seen IS NULL OR day > last_seen) THEN lived_row END) AS rows_lived,
     collect(DISTINCT CASE WHEN last_seen IS NULL OR named_on > last_seen THEN named_row END) AS rows_named
WITH c, last_seen, rows_there, rows_lived, rows_named, counted_on,
     CASE WHEN there_on < named_on THEN there_on ELSE coalesce(named_on, there_on) END AS referred_on,
     CASE WHEN last_there_on > last_named_on THEN last_there_on ELSE coalesce(last_named_on, last_there_on) END AS last_referred_on,
     CASE WHEN there_since < named_since THEN there_since ELSE coalesce(named_since, there_since) END AS start,
     CASE WHEN there_told > named_told THEN there_told ELSE coalesce(named_told, there_told) END AS known_on
WHERE referred_on IS NOT NULL
RETURN c.id AS child, CASE WHEN counted_on > start THEN counted_on ELSE start END AS since, known_on,
       coalesce(rows_there, rows_named) + coalesce(rows_lived, rows_named) + coalesce(rows_named, rows_there) AS rows,
       age_band(c) AS band, referred_on, last_referred_on, last_seen
