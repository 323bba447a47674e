-- The made-up city: families, people, homes, schools and what happened, as DuckDB tables. Nothing here is real: names are
-- joined syllables, postcodes begin with QX (never issued), NHS numbers lie in the range kept for tests (999 …).
-- Rates are those of the domain reference, section 6. `$children`, `$today` are set by city.py as variables.
-- Randomness is a hash of the key and a salt, so the same size gives the same city on one version of DuckDB.
CREATE MACRO u(k, salt) AS (hash(k, salt) % 1000003) / 1000003.0;
CREATE MACRO days(n) AS CAST(floor(n) AS INTEGER);
CREATE MACRO pick(k, salt, n) AS CAST(hash(k, salt) % n AS INTEGER);
CREATE MACRO times(k, salt, rate) AS CAST(least(40, floor(-ln(greatest(u(k, salt), 1e-6)) * rate + u(k, salt || 'r'))) AS INTEGER);
CREATE MACRO syllables(n) AS ['Bar', 'Cel', 'Dor', 'Fen', 'Gal', 'Hol', 'Jas', 'Kem', 'Lin', 'Mar', 'Nor', 'Pel', 'Quin', 'Ros',
  'Sel', 'Tam', 'Ul', 'Ver', 'Wen', 'Yar'][1 + n % 20] || ['a', 'e', 'i', 'o', 'u', 'an', 'en', 'in', 'on', 'ar', 'el', 'il', 'or',
  'ay', 'ie'][1 + (n // 20) % 15];
CREATE MACRO given(n) AS syllables(n % 300);
CREATE MACRO family(n) AS syllables(n % 300) || ['by', 'croft', 'den', 'ham', 'ley', 'mere', 'son', 'thwaite', 'ton', 'wick'][1 + (n // 300) % 10];

CREATE TABLE families AS
  SELECT fid, CASE WHEN r < .36 THEN 1 WHEN r < .70 THEN 2 WHEN r < .88 THEN 3 WHEN r < .96 THEN 4 ELSE 5 END AS size,
         u(fid, 'two') < .68 AS two, u(fid, 'moves') < .10 AS mobile, u(fid, 'rent') < .22 AS council, pick(fid, 'gp', 62) AS practice
  FROM (SELECT range AS fid, u(range, 'size') AS r FROM range(CAST(ceil(getvariable('children') / 2.0) AS BIGINT)));

-- ages are spread over 0 to 17 and wrap round, so that every age is as common
CREATE TABLE children AS
  SELECT fid * 8 + ord AS pid, fid, ord,
         getvariable('today') - 1 - CAST(floor(((u(fid, 'age') * 18 + CASE WHEN ord = 1 AND u(fid, 'twin') < .015 THEN 0
           ELSE ord * (2.0 + 1.6 * u(fid * 8 + ord, 'gap')) END) % 18) * 365.25) AS INTEGER) AS born_on,
         u(fid * 8 + ord, 'sex') < .51 AS boy
  FROM families, range(5) o(ord) WHERE ord < size QUALIFY row_number() OVER (ORDER BY fid, ord) <= getvariable('children');

CREATE TABLE people AS
  WITH everyone AS (
    SELECT pid, fid, 'child' AS role, born_on, boy FROM children
    UNION ALL
    SELECT fid * 8 + 5, fid, 'mother', (SELECT min(born_on) FROM children c WHERE c.fid = f.fid) - CAST(6570 + u(fid, 'm') * 7300 AS INTEGER), false
      FROM families f
    UNION ALL
    SELECT fid * 8 + 6, fid, 'partner', (SELECT min(born_on) FROM children c WHERE c.fid = f.fid) - CAST(6800 + u(fid, 'p') * 9000 AS INTEGER), true
      FROM families f WHERE two
  ), numbers AS (
    SELECT row_number() OVER (ORDER BY n) - 1 AS nth, '999' || lpad(n::VARCHAR, 6, '0') || (check_digit % 11)::VARCHAR AS nhs FROM (
      SELECT range AS n, 11 - (9*10 + 9*9 + 9*8 + (n//100000%10)*7 + (n//10000%10)*6 + (n//1000%10)*5 + (n//100%10)*4 + (n//10%10)*3 + (n%10)*2) % 11
        AS check_digit FROM range(1000000)) WHERE check_digit <> 10
  ), upns AS (
    SELECT pid AS upn_pid, substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + CAST(list_sum(list_transform(range(1, 13),
             lambda i: (i + 1) * CAST(substr(digits, i, 1) AS INTEGER))) % 23 AS INTEGER), 1) || digits AS upn
    FROM (SELECT pid, '380' || lpad((pid % 10000)::VARCHAR, 4, '0') || lpad((pid // 10000)::VARCHAR, 5, '0') AS digits FROM children)
  )
  SELECT e.*, given(pick(pid, 'given', 300)) AS given_name,
         family(CASE WHEN role = 'partner' OR (role = 'child' AND two AND u(fid, 'whose') < .8) THEN pick(fid, 'fp', 3000)
                     ELSE pick(fid, 'fm', 3000) END) AS family_name,
         nhs, upn
  FROM (SELECT *, row_number() OVER (ORDER BY pid) - 1 AS nth FROM everyone) e
  JOIN families USING (fid) JOIN numbers USING (nth) LEFT JOIN upns ON upn_pid = pid
  WHERE born_on IS NOT NULL;

-- homes: the k-th home of a family, from the day it moved in (6 % a year, a tenth of families four times as often)
CREATE TABLE homes AS
  WITH spells AS (
    SELECT fid, k, CASE WHEN k = 0 THEN DATE '2005-01-01' ELSE getvariable('today') - days(u(fid * 16 + k, 'when') * 2920) END AS from_on
    FROM families, range(6) s(k) WHERE k <= times(fid, 'moved', CASE WHEN mobile THEN 1.9 ELSE .48 END))
  SELECT fid, row_number() OVER w - 1 AS k, from_on, lead(from_on) OVER w AS to_on, fid * 16 + k AS place,
         'UPRN' AS scheme, (100000000 + fid * 16 + k)::VARCHAR AS uprn,
         (1 + pick(fid * 16 + k, 'no', 240))::VARCHAR || ' ' || family(pick(fid * 16 + k, 'street', 3000)) || ' ' || ['Road', 'Street', 'Close', 'Court'][1 + k % 4] AS line,
         'QX' || (1 + pick(fid * 16 + k, 'pc', 30)) || ' ' || pick(fid * 16 + k, 'pd', 10) || chr(65 + pick(fid * 16 + k, 'pe', 26)) || chr(65 + pick(fid * 16 + k, 'pf', 26)) AS postcode
  FROM spells WINDOW w AS (PARTITION BY fid ORDER BY from_on, k);

-- school: from the nursery class (September after the 3rd birthday) to sixth form; 2.5 % are at none that we hear of
CREATE TABLE schooling AS
  WITH starts AS (
    SELECT pid, fid, make_date(CASE WHEN month(born_on) >= 9 THEN year(born_on) + 4 ELSE year(born_on) + 3 END, 9, 3) AS first_day
    FROM children WHERE u(pid, 'home') >= .025)
  SELECT pid, 'P' || lpad((1 + pick(fid, 'primary', greatest(2, getvariable('children') // 900)))::VARCHAR, 3, '0') AS school, first_day AS from_on,
         first_day + INTERVAL 8 YEAR - INTERVAL 41 DAY AS to_on FROM starts WHERE first_day < getvariable('today')
  UNION ALL
  SELECT pid, 'S' || lpad((1 + pick(fid, 'secondary', greatest(2, getvariable('children') // 4000)))::VARCHAR, 3, '0'), (first_day + INTERVAL 8 YEAR)::DATE,
         first_day + INTERVAL 15 YEAR - INTERVAL 60 DAY FROM starts WHERE first_day + INTERVAL 8 YEAR < getvariable('today');
ALTER TABLE schooling ALTER to_on TYPE DATE;

-- one in a hundred children sees nobody after a day of their own, one in two hundred nobody from birth
CREATE TABLE hidden AS
  SELECT pid, CASE WHEN u(pid, 'hide') < .005 THEN born_on + 3 ELSE greatest(born_on + 3, getvariable('today') - days(u(pid, 'since') * 1600)) END AS since
  FROM children WHERE u(pid, 'hide') < .015;

-- child-years over the four years that are loaded, by age at the time
CREATE TABLE child_years AS
  SELECT c.pid, c.fid, born_on, y, d + days(y * 365) AS starts, greatest(0, date_diff('day', born_on, d + days(y * 365 + 182))) / 365.25 AS age, coalesce(h.since, DATE '2999-01-01') AS until
  FROM children c CROSS JOIN range(4) r(y) CROSS JOIN (SELECT getvariable('today') - 4 * 365 AS d) LEFT JOIN hidden h USING (pid) WHERE born_on < d + days(y * 365 + 330);

CREATE TABLE health AS
  WITH rates AS (
    SELECT *, 'appointment' AS kind, CASE WHEN age < 1 THEN 6.7 WHEN age < 5 THEN 2.4 WHEN age < 10 THEN 1.2 ELSE 1.1 END AS rate FROM child_years
    UNION ALL SELECT *, 'emergency', CASE WHEN age < 1 THEN .78 WHEN age < 5 THEN .5 WHEN age < 10 THEN .25 ELSE .3 END FROM child_years
    UNION ALL SELECT *, 'clinic', CASE WHEN age < 1 THEN 1.5 WHEN age < 5 THEN .71 ELSE .65 END FROM child_years
    UNION ALL SELECT *, 'immunisation', CASE WHEN age < 1 THEN 3.5 WHEN age < 4 THEN .8 ELSE .05 END FROM child_years)
  SELECT row_number() OVER () AS n, pid, fid, kind, starts + days(u(pid * 8 + y, kind || i) * 365) AS occurred_on,
         kind <> 'emergency' AND u(pid * 8 + y, kind || i || 'w') < .09 AS missed, pick(pid * 8 + y, kind || i || 'g', 240) AS worker
  FROM rates, unnest(range(times(pid * 8 + y, kind, rate))) t(i)
  WHERE occurred_on < until AND occurred_on < getvariable('today')
    AND occurred_on > born_on;

-- health visiting: five reviews by age, missed together within a family; late ones are visits
CREATE TABLE reviews AS
  SELECT row_number() OVER () AS n, c.pid, c.fid, kind, born_on + due + days(u(c.pid, kind) * spread) AS occurred_on,
         u(c.fid, 'hv') * .3 + u(c.pid, kind || 'd') * .7 AS r, pick(c.fid, 'hvw', 120) AS worker
  FROM children c CROSS JOIN (VALUES ('new_birth', 10, 20), ('six_weeks', 42, 28), ('clinic', 90, 60), ('one_year', 270, 180), ('two_years', 760, 150),
    ('visit', 1200, 300)) k(kind, due, spread) LEFT JOIN hidden h ON h.pid = c.pid
  WHERE occurred_on < getvariable('today') AND occurred_on >= getvariable('today') - 1825 AND occurred_on < coalesce(h.since, DATE '2999-01-01');

-- police: domestic abuse notices to a household, a third again within the year; they list children and adults
CREATE TABLE notices AS
  SELECT row_number() OVER () AS n, fid, getvariable('today') - 1 - days(u(fid * 8 + i, 'dv') * 1460) AS occurred_on
  FROM families, unnest(range(CASE WHEN u(fid, 'dv') < .11 THEN 1 + times(fid, 'dvn', 3.2) ELSE 0 END)) t(i);

-- social care: contacts received, and monthly visits to one child in thirty over about a year
CREATE TABLE care AS
  SELECT n, fid, pid, kind, occurred_on FROM (
    SELECT pid * 64 + y * 16 + i AS n, fid, pid, born_on, CASE WHEN u(pid * 8 + y, 'ref' || i) < .21 THEN 'referral' ELSE 'contact' END AS kind,
           starts + days(u(pid * 8 + y, 'csc' || i) * 365) AS occurred_on
    FROM child_years, unnest(range(times(pid * 8 + y, 'csc', .25))) t(i)
    UNION ALL
    SELECT 100000000000 + pid * 64 + i, fid, pid, born_on, 'visit', begun + days(i * 26 + pick(pid * 64 + i, 'vd', 9))
    FROM (SELECT *, getvariable('today') - days(u(fid, 'cinwhen') * 1460) AS begun FROM children WHERE u(fid, 'cin') < .10),
         unnest(range(4 + times(pid, 'cinlen', 10))) t(i))
  WHERE occurred_on < getvariable('today') AND occurred_on > born_on;
