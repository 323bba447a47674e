// title: A referral by the public, and the child not seen since
// question: Which children were named in an anonymous or public referral, or lived where it was about, and have not been seen since?
// population: children
// signal: G10
// duty: offer
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
WHERE known(a) AND a.kind = 'referral_anonymous'
WITH c, last_seen, count(CASE WHEN days_between(a.occurred_on, $as_at) > $days AND (last_seen IS NULL OR a.occurred_on > last_seen)
                              THEN 1 END) AS named
OPTIONAL MATCH (c)-[l:LIVES_AT]->(h:Address)<-[:AT]-(k:Contact)
WHERE known(l) AND l.basis <> 'claimed' AND h.kind = 'property' AND NOT coalesce(h.protected, false)
  AND k.kind = 'referral_anonymous' AND known(k)
WITH c, last_seen, named, l, h, k,
     max(CASE WHEN days_between(k.occurred_on, $as_at) > $days AND (last_seen IS NULL OR k.occurred_on > last_seen)
               AND coalesce(l.valid_from, k.occurred_on) <= k.occurred_on
               AND NOT coalesce(l.valid_to <= k.occurred_on AND l.end_known_on <= $as_at, false) THEN 1 ELSE 0 END) AS here
WHERE here = 1 OR named > 0
OPTIONAL MATCH (c)-[n:LIVES_AT]->(o:Address)
WHERE known(n) AND n.basis <> 'claimed'
WITH c, last_seen, named, here, k.occurred_on AS day, k.row AS row, l.row AS lived_row,
     CASE WHEN l.known_on > k.known_on THEN l.known_on ELSE k.known_on END AS told, l.key AS statement,
     count(CASE WHEN l.basis = 'observed' AND n.valid_from > l.valid_from AND n.valid_from <= k.occurred_on AND apart(h, o)
                THEN 1 END) AS later
WITH c, last_seen, named, here, later, day, row, lived_row, told
WHERE (here = 1 AND later = 0) OR named > 0
OPTIONAL MATCH (c)<-[b:ABOUT]-()
WHERE known(b) AND b.kind = 'referral_anonymous' AND days_between(b.occurred_on, $as_at) > $days
WITH c, last_seen, min(CASE WHEN here = 1 AND later = 0 THEN day END) AS here_on, min(CASE WHEN last_seen IS NULL OR b.occurred_on > last_seen THEN b.occurred_on END) AS about_on,
     max(CASE WHEN here = 1 AND later = 0 THEN day END) AS last_here_on, max(CASE WHEN last_seen IS NULL OR b.occurred_on > last_seen THEN b.occurred_on END) AS last_about_on,
     min(CASE WHEN here = 1 AND later = 0 THEN CASE WHEN told > plus_days(day, $days + 1) THEN told ELSE plus_days(day, $days + 1) END END) AS here_since,
     min(CASE WHEN last_seen IS NULL OR b.occurred_on > last_seen THEN CASE WHEN b.known_on > plus_days(b.occurred_on, $days + 1) THEN b.known_on
              ELSE plus_days(b.occurred_on, $days + 1) END END) AS about_since,
     max(CASE WHEN here = 1 AND later = 0 THEN told END) AS here_told, max(CASE WHEN last_seen IS NULL OR b.occurred_on > last_seen THEN b.known_on END) AS about_told,
     CASE WHEN c.expected_on IS NOT NULL AND c.born_known_on > c.child_from THEN c.born_known_on ELSE c.child_from END AS counted_on,
     collect(DISTINCT CASE WHEN here = 1 AND later = 0 THEN row END) AS rows_here, collect(DISTINCT CASE WHEN here = 1 AND later = 0 THEN lived_row END) AS rows_lived,
     collect(DISTINCT CASE WHEN last_seen IS NULL OR b.occurred_on > last_seen THEN b.row END) AS rows_about
WITH c, last_seen, rows_here, rows_lived, rows_about, counted_on,
     CASE WHEN here_on < about_on THEN here_on ELSE coalesce(about_on, here_on) END AS referred_on,
     CASE WHEN last_here_on > last_about_on THEN last_here_on ELSE coalesce(last_about_on, last_here_on) END AS last_referred_on,
     CASE WHEN here_since < about_since THEN here_since ELSE coalesce(about_since, here_since) END AS start,
     CASE WHEN here_told > about_told THEN here_told ELSE coalesce(about_told, here_told) END AS known_on
RETURN c.id AS child, CASE WHEN counted_on > start THEN counted_on ELSE start END AS since, known_on,
       coalesce(rows_here, rows_about) + coalesce(rows_lived, rows_about) + coalesce(rows_about, rows_here) AS rows, age_band(c) AS band, referred_on, last_referred_on, last_seen
