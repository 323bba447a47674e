"""Police notices as forces write them: headers and words of their own, no number of a person; who counts as seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from asking import Told, rows

from lastseen.loaders.mapping import all_mappings
from lastseen.loaders.recognising import recognise

HEADER = (
    "Force,Incident number,Notice type,Date/time,Incident location,Incident postcode,Grade,Attending officer,Officer number,"
    "Role,Surname,Forename(s),Date of birth,Address,Postcode,Relationship,School,Seen by officer (yes/no),Spoken to\n"
)
NOTICES = HEADER + (
    "Airedale,I1,Domestic abuse,03/02/2025 21:40,4 Larch Court,BD1 1AA,Medium,Holroyd,77,Victim,Hill,Eve,01/02/1990,"
    "4 Larch Court,BD1 1AA,,,,\n"
    "Airedale,I1,Domestic abuse,03/02/2025 21:40,4 Larch Court,BD1 1AA,Medium,Holroyd,77,Child present,Hill,Ada,01/05/2015,"
    "4 Larch Court,BD1 1AA,daughter,St Anne's,Yes,No\n"
    "Airedale,I1,Domestic abuse,03/02/2025 21:40,4 Larch Court,BD1 1AA,Medium,Holroyd,77,Child living there,Hill,Ben,"
    "02/06/2016,4 Larch Court,BD1 1AA,son,St Anne's,No,No\n"
    "Airedale,I2,PPN,05/03/2025 09:10,Market Place,,Green,Khan,78,Child present,Moor,Cal,03/07/2017,,,,,,\n"
    "Airedale,I3,PPN,06/03/2025 09:10,Market Place,,Green,Khan,78,Child present,Moor,Sam,,,,,,Y,\n"
    "Airedale,I4,PPN,07/03/2025 09:10,Market Place,,Green,Khan,78,Child present,Moor,Sam,,,,,,Y,\n"
)
WHO = "MATCH (r:Record)-[:IDENTIFIES]->(p:Person) RETURN r.given_name, p.id ORDER BY r.given_name, p.id"
DAY = date(2025, 4, 1)


def test_a_force_s_own_headers_and_words_are_read_and_a_listed_child_is_not_seen(tmp_path: Path) -> None:
    told = Told(tmp_path)
    report = told.load("police_notices", {"export 17.csv": NOTICES})
    assert (report.read, report.kept) == (6, 6)
    assert "export 17.csv: no extract date is stated; the newest day inside, 2025-03-07, is taken." in report.warnings
    absent = "Nominal ref, Rank, Extract date, From date, To date"
    assert f"export 17.csv has no column {absent}; what it would tell is not loaded." in report.warnings
    with told.asked() as session:
        children = session.store.run(WHO).rows
        named = {str(name): str(one) for name, one in children}
        seen = {name: session.last_seen(one, DAY).on for name, one in named.items() if name != "Sam"}
        assert seen == {"Ada": date(2025, 2, 3), "Ben": None, "Cal": None, "Eve": None}
        history = session.ask("contact_history", DAY, child=named["Ben"])
        assert rows(history, "occurred_on", "kind", "level") == [(date(2025, 2, 3), "dv_notification", 1)]
        assert rows(session.ask("contact_history", DAY, child=named["Cal"]), "kind", "level") == [("contact_made", None)]
        homes = session.store.run("MATCH (p:Person)-[:LIVES_AT]->(a:Address) RETURN p.id, a.line").rows
        assert homes == [(named["Ben"], "4 Larch Court")]
    assert [name for name, _ in children].count("Sam") == 2, "one name on two notices may be two children"


def test_it_is_recognised_by_the_other_headers_and_with_title_rows_or_without(tmp_path: Path) -> None:
    for number, titles in enumerate(("", "FORCE AREA 7\nOFFICIAL-SENSITIVE\n")):
        path = tmp_path / f"{number}.csv"
        path.write_text(titles + NOTICES)
        assert recognise(path, all_mappings()).source == "police_notices"
