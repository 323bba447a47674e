-- The city's extract files, one query a file, in the layouts that the made-up Larch Court extracts have (loaders/sources).
-- `-- file:` names it, `-- title:` is a line above its header, `-- days:` writes one file for each of that many days before
-- today, with the day in the variable `day`. `today`, `begin` (four years before) are variables too.

-- file: gp_list
-- days: 540 360 180 8
SELECT 'P' || lpad(((practice + CASE WHEN u(fid, 'newgp') < .06 AND day > today - days(u(fid, 'gpday') * 700) THEN 7 ELSE 0 END) % 62)::VARCHAR, 2, '0')
         AS PRACTICE_CODE, PRACTICE_CODE || ' Surgery' AS PRACTICE_NAME, strftime(day, '%d/%m/%Y') AS EXTRACT_DATE, nhs AS NHS_NUMBER,
       upper(family_name) AS SURNAME, given_name AS FORENAMES, CASE WHEN boy THEN 'M' ELSE 'F' END AS SEX,
       strftime(born_on, '%d/%m/%Y') AS DATE_OF_BIRTH, line AS ADDRESS_LINE_1, 'BENCHTON' AS TOWN, postcode AS POSTCODE,
       strftime(greatest(from_on, born_on), '%d/%m/%Y') AS ADDRESS_FROM, strftime(born_on + 20 + pick(pid, 'reg', 50), '%d/%m/%Y') AS REGISTERED_ON,
       'R' AS STATUS, '' AS REMOVED_ON, '' AS REMOVAL_REASON
FROM people JOIN families USING (fid) JOIN homes h USING (fid), now
WHERE born_on + 80 < day AND from_on <= day AND (to_on IS NULL OR to_on > day)

-- file: school_roll
-- title: FICTIONAL: made-up people, places and events
-- days: 500 340 160 10
SELECT school AS "School", school || ' School' AS "School name", strftime(day, '%d/%m/%Y') AS "Census date", c.upn AS "UPN",
       CASE WHEN u(c.pid, 'variant') < .06 THEN m.family_name ELSE c.family_name END AS "Legal surname", c.given_name AS "Forename",
       CASE WHEN c.boy THEN 'M' ELSE 'F' END AS "Sex", strftime(c.born_on, '%d/%m/%Y') AS "DoB", strftime(s.from_on, '%d/%m/%Y') AS "Admitted",
       '' AS "Left", '' AS "Leaving reason", m.family_name AS "Parent surname", m.given_name AS "Parent forename",
       strftime(m.born_on, '%d/%m/%Y') AS "Parent DoB", line AS "Parent address", postcode AS "Parent postcode"
FROM schooling s JOIN people c USING (pid) JOIN people m ON m.pid = c.fid * 8 + 5 JOIN homes h ON h.fid = c.fid, now
WHERE s.from_on <= day AND s.to_on > day AND h.from_on <= day AND (h.to_on IS NULL OR h.to_on > day)

-- file: attendance
-- days: 1095 730 365
SELECT school AS "SchoolCode", c.upn AS "UPN", c.family_name AS "Surname", c.given_name AS "Forename", c.born_on AS "DOB", monday AS "WeekBeginning",
       '10' AS "SessionsPossible", 10 - pick(c.pid, monday::VARCHAR, 3) AS "SessionsPresent", monday + 4 - pick(c.pid, monday::VARCHAR, 3) // 2 AS "LastDayPresent",
       day + 365 AS "ExtractDate", day AS "PeriodFrom", day + 364 AS "PeriodTo", 'fictional' AS "DataClass"
FROM now, weeks, schooling s JOIN people c USING (pid) LEFT JOIN hidden USING (pid)
WHERE monday BETWEEN day AND day + 360 AND monday >= s.from_on AND monday + 5 < s.to_on AND monday < coalesce(since, DATE '2999-01-01')
  AND u(c.pid, monday::VARCHAR || 'away') > .01
ORDER BY monday

-- file: gp_contacts
-- days: 1460 1095 730 365
SELECT 'E' || n AS "EventID", 'P' || lpad(practice::VARCHAR, 2, '0') AS "OrgCode", strftime(day + 365, '%Y%m%d') AS "ExtractDate",
       strftime(day, '%Y%m%d') AS "PeriodFrom", strftime(day + 364, '%Y%m%d') AS "PeriodTo", strftime(occurred_on, '%Y%m%d') AS "EventDate",
       CASE kind WHEN 'immunisation' THEN 'IMM' ELSE 'APP' END AS "EventCode", nhs AS "NHSNo", family_name AS "FamilyName", given_name AS "GivenName",
       strftime(born_on, '%Y%m%d') AS "DOB", CASE WHEN missed THEN 'WNB' ELSE 'SEEN' END AS "Attendance", 'G' || worker || ' DR BENCH ' || worker AS "Clinician",
       'FICTIONAL' AS "DataClass"
FROM now, health JOIN people USING (pid, fid) JOIN families USING (fid) WHERE occurred_on BETWEEN day AND day + 364

-- file: health_visiting_contacts
-- title: FICTIONAL: made-up people, places and events
SELECT 'HV' || n AS "Contact ID", strftime(occurred_on, '%d-%b-%Y') AS "Contact date",
       strftime(least(today, occurred_on + 1 + pick(n, 'lag', 5) + CASE WHEN u(n, 'late') < .03 THEN 70 ELSE 0 END), '%d-%b-%Y') AS "Entered on",
       nhs AS "NHS number", family_name AS "Surname", given_name AS "First name", strftime(born_on, '%d-%b-%Y') AS "Date of birth",
       CASE kind WHEN 'new_birth' THEN 'NBV' WHEN 'six_weeks' THEN '6-8 WEEK' WHEN 'one_year' THEN '9-12 MONTH' WHEN 'two_years' THEN '2-2.5 YEAR'
         WHEN 'clinic' THEN 'CLINIC' ELSE 'HOME VISIT' END AS "Contact type",
       CASE WHEN r > .17 THEN 'SEEN' WHEN r > .11 THEN 'NO ACCESS' WHEN r > .06 THEN 'WNB' ELSE 'ADULT ONLY' END AS "Outcome",
       CASE WHEN kind = 'clinic' THEN 'Clinic' ELSE 'Home' END AS "Where", CASE WHEN kind = 'clinic' THEN '' ELSE line END AS "Address",
       CASE WHEN kind = 'clinic' THEN '' ELSE postcode END AS "Postcode", 'HVT' || worker // 12 AS "Team", 'HV-' || worker AS "Worker ID",
       'Bench Visitor ' || worker AS "Worker", strftime(today, '%d-%b-%Y') AS "Extract date", strftime(today - 1825, '%d-%b-%Y') AS "Period from",
       strftime(today, '%d-%b-%Y') AS "Period to"
FROM now, reviews r JOIN people USING (pid, fid) JOIN homes h ON h.fid = r.fid AND h.from_on <= occurred_on AND (h.to_on IS NULL OR h.to_on > occurred_on)

-- file: health_visiting_caseload
SELECT 'HVT' || pick(fid, 'hvw', 120) // 12 AS team, nhs AS nhs_number, family_name AS last_name, given_name AS first_name, born_on AS dob,
       born_on + 12 AS opened_on, CASE WHEN born_on + 1826 < today THEN (born_on + 1826)::VARCHAR ELSE '' END AS closed_on,
       CASE WHEN born_on + 1826 < today THEN 'started school' ELSE '' END AS closed_reason, line AS address, postcode, greatest(from_on, born_on + 12) AS address_from,
       '' AS address_to, today AS extract_date, today - 2000 AS period_from, today AS period_to, 'fictional' AS data_class
FROM now, people JOIN homes h USING (fid) WHERE role = 'child' AND born_on > today - 2000 AND born_on + 12 < today AND to_on IS NULL

-- file: maternity_events
-- title: FICTIONAL: made-up people, places and events
SELECT 'M' || c.pid || e AS "Event no", CASE e WHEN 'B' THEN 'BOOKING' WHEN 'N' THEN 'BIRTH NOTIFICATION' ELSE 'POSTNATAL VISIT' END AS "Event",
       strftime(c.born_on + CASE e WHEN 'B' THEN -190 WHEN 'N' THEN 0 ELSE 5 END, '%d/%m/%Y') AS "Event date", 'PR' || c.pid AS "Pregnancy no",
       CASE e WHEN 'B' THEN strftime(c.born_on - 10 + pick(c.pid, 'edd', 20), '%d/%m/%Y') ELSE '' END AS "Expected date", m.nhs AS "Mother NHS no",
       m.family_name AS "Mother surname", m.given_name AS "Mother forename", strftime(m.born_on, '%d/%m/%Y') AS "Mother DOB",
       CASE e WHEN 'B' THEN '' ELSE c.nhs END AS "Baby NHS no", CASE e WHEN 'B' THEN '' ELSE c.family_name END AS "Baby surname",
       CASE e WHEN 'B' THEN '' ELSE c.given_name END AS "Baby forename", CASE WHEN e = 'B' THEN '' WHEN c.boy THEN 'M' ELSE 'F' END AS "Baby sex",
       CASE e WHEN 'B' THEN '' ELSE strftime(c.born_on, '%d/%m/%Y') END AS "Baby DOB", CASE e WHEN 'B' THEN '' WHEN 'N' THEN 'HOSPITAL' ELSE 'HOME' END AS "Place",
       CASE e WHEN 'N' THEN '' ELSE line END AS "Address", CASE e WHEN 'N' THEN '' ELSE postcode END AS "Postcode",
       CASE e WHEN 'B' THEN '' ELSE 'EXAMINED' END AS "Baby seen", 'MW' || pick(c.fid, 'mw', 60) || ' Bench Midwife' AS "Midwife", 'BNCH' AS "Unit",
       strftime(today, '%d/%m/%Y') AS "Extract date", strftime(today - 2200, '%d/%m/%Y') AS "Period from", strftime(today, '%d/%m/%Y') AS "Period to"
FROM now, (VALUES ('B'), ('N'), ('V')) k(e), people c JOIN people m ON m.pid = c.fid * 8 + 5
JOIN homes h ON h.fid = c.fid AND h.from_on <= c.born_on AND (h.to_on IS NULL OR h.to_on > c.born_on)
WHERE c.role = 'child' AND c.born_on BETWEEN today - 1825 AND today - 6

-- file: births_register
-- title: FICTIONAL: made-up people, places and events
SELECT 'BR' || c.pid AS "Entry", strftime(least(today, c.born_on + 8 + pick(c.pid, 'registrar', 40)), '%d-%b-%Y') AS "Registered", c.nhs AS "NHS no",
       c.family_name AS "Child surname", c.given_name AS "Child forename", CASE WHEN c.boy THEN 'M' ELSE 'F' END AS "Sex",
       strftime(c.born_on, '%d-%b-%Y') AS "Born", m.family_name AS "Mother surname", m.given_name AS "Mother forename", strftime(m.born_on, '%d-%b-%Y') AS "Mother born",
       '' AS "Father", line AS "Usual address", postcode AS "Postcode", 'Mother' AS "Informant", 'No' AS "Child at office", 'BEN' AS "District",
       strftime(today, '%d-%b-%Y') AS "Extract date", strftime(today - 6600, '%d-%b-%Y') AS "Period from", strftime(today, '%d-%b-%Y') AS "Period to"
FROM now, people c JOIN people m ON m.pid = c.fid * 8 + 5 JOIN homes h ON h.fid = c.fid AND h.from_on <= c.born_on AND (h.to_on IS NULL OR h.to_on > c.born_on)
WHERE c.role = 'child' AND u(c.pid, 'bornhere') < .85 AND c.born_on < today - 60

-- file: police_notices
-- title: FICTIONAL: made-up people, places and events
-- title: OFFICIAL-SENSITIVE when filled with real notices
SELECT 'BENCH' AS "Unit", 'N' || n AS "Notice ref", 'DA' AS "Type", strftime(occurred_on, '%d/%m/%Y') AS "Incident date", upper(line) AS "Location", postcode AS "Location postcode",
       'NOM' || pid AS "Nominal ref", upper(family_name) AS "Nominal surname", CASE WHEN u(pid, 'short') < .04 THEN left(given_name, 3) ELSE given_name END AS "Nominal forename",
       strftime(born_on + CASE WHEN u(pid, 'slip') < .015 THEN 1 ELSE 0 END, '%d/%m/%Y') AS "Nominal DOB",
       CASE role WHEN 'child' THEN 'CHILD LISTED' WHEN 'mother' THEN 'VICTIM' ELSE 'SUSPECT' END AS "Part", upper(line) AS "Lives at", postcode AS "Lives at postcode",
       CASE WHEN role <> 'child' THEN '' WHEN u(n, 'looked') < .3 THEN 'SEEN' ELSE 'ADULT ONLY' END AS "Seen by officer", (4000 + n % 700)::VARCHAR AS "Collar no",
       'Bench Officer ' || n % 700 AS "Officer", 'PC' AS "Rank", strftime(today, '%d/%m/%Y') AS "Extract date", strftime(begin, '%d/%m/%Y') AS "From date",
       strftime(today, '%d/%m/%Y') AS "To date"
FROM now, notices JOIN people USING (fid) JOIN homes h ON h.fid = notices.fid AND h.from_on <= occurred_on AND (h.to_on IS NULL OR h.to_on > occurred_on)
WHERE born_on < occurred_on

-- file: social_care_contacts
SELECT k.kind[1:1] || n AS "ContactID", occurred_on AS "ContactDate", occurred_on AS "RecordedDate",
       CASE k.kind WHEN 'visit' THEN 'VISIT' WHEN 'referral' THEN 'REFERRAL' ELSE 'CONTACT' END AS "ContactType",
       ['6', '2A', '3F', '9'][CASE WHEN u(n, 'who') < .5 THEN 1 WHEN u(n, 'who') < .8 THEN 2 WHEN u(n, 'who') < .94 THEN 3 ELSE 4 END] AS "SourceCode",
       'LA' || c.pid AS "PersonID", family_name AS "Surname", given_name AS "Forename", c.born_on AS "DOB",
       CASE WHEN u(c.pid, 'cscupn') < .7 AND EXISTS (FROM schooling s WHERE s.pid = c.pid) THEN upn ELSE '' END AS "UPN",
       CASE WHEN u(c.pid, 'cscnhs') < .5 THEN nhs ELSE '' END AS "NHSNumber",
       CASE WHEN k.kind <> 'visit' THEN '' WHEN u(n, 'in') < .85 THEN 'Y' ELSE 'N' END AS "ChildSeen",
       CASE WHEN k.kind <> 'visit' OR u(n, 'in') >= .85 THEN '' WHEN u(n, 'alone') < .5 THEN 'Y' ELSE 'N' END AS "SeenAlone", '' AS "BedroomSeen",
       CASE k.kind WHEN 'contact' THEN 'NFA' ELSE '' END AS "Decision", line AS "Address", postcode AS "Postcode", uprn AS "UPRN", 'SW-' || c.fid % 300 AS "WorkerID",
       'Bench Worker ' || c.fid % 300 AS "Worker", 'ASSESS' || c.fid % 9 AS "Team", today AS "ExtractDate", begin AS "PeriodFrom", today AS "PeriodTo",
       'FICTIONAL' AS "DataClass"
FROM now, care k JOIN people c USING (pid) JOIN homes h ON h.fid = c.fid AND h.from_on <= occurred_on AND (h.to_on IS NULL OR h.to_on > occurred_on)

-- file: housing_tenancy_forms
-- title: FICTIONAL: made-up people, places and events
-- title: Tenancy forms: household as declared by the tenant
SELECT 'TF' || fid AS "Form", strftime(from_on, '%d.%m.%Y') AS "Tenancy start", '' AS "Tenancy end", uprn AS "UPRN", line AS "Property", postcode AS "Postcode",
       'H' || pid AS "Person ref", family_name AS "Surname", given_name AS "Forename", strftime(born_on, '%d.%m.%Y') AS "Date of birth",
       CASE WHEN role = 'child' THEN 'HOUSEHOLD' WHEN two THEN 'JOINT TENANT' ELSE 'TENANT' END AS "Part",
       CASE WHEN role = 'mother' AND two THEN 'H' || (pid + 1) ELSE '' END AS "Partner ref", 'Benchton Homes' AS "Landlord",
       strftime(today, '%d.%m.%Y') AS "Extract date", strftime(today - 8000, '%d.%m.%Y') AS "Period from", strftime(today, '%d.%m.%Y') AS "Period to"
FROM now, people JOIN families USING (fid) JOIN homes h USING (fid) WHERE council AND to_on IS NULL AND from_on > DATE '2005-01-01'
  AND NOT (role = 'child' AND u(pid, 'omitted') < .02)
