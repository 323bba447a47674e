"""What must hold of any extracts: the order of loading plays no part, and a later extract changes no earlier day."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from lastseen.graph.archive import StagedLoad
from lastseen.graph.duck import connect
from lastseen.graph.folding import fold
from lastseen.graph.rows import RowNames

EXTRACTS = [date(2012, 2, 1), date(2012, 3, 1), date(2012, 4, 1)]
DAYS = st.dates(date(2011, 12, 1), date(2012, 4, 20))
FEW = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


@st.composite
def spells(draw):
    """A claim's dates; an end never before its start."""
    start = draw(st.none() | st.sampled_from([date(2011, 12, 10), date(2012, 1, 10), date(2012, 2, 10), date(2012, 5, 1)]))
    end = draw(st.none() | st.sampled_from([date(2012, 1, 20), date(2012, 2, 15), date(2012, 5, 2)]))
    return {"valid_from": start, "valid_to": end if start is None or (end and end >= start) else None}


lists = st.dictionaries(st.sampled_from("123"), spells(), max_size=3)
events = st.dictionaries(
    st.sampled_from(["k1", "k2"]),
    st.tuples(
        st.sampled_from([date(2012, 1, 5), date(2012, 2, 5), date(2012, 3, 5)]),
        st.dictionaries(st.sampled_from("12"), st.sampled_from([None, 1, 4])),
    ),
)
histories = st.tuples(*[st.tuples(lists, events, lists)] * 3)


def write(history, write_load):
    """Three extracts each of a register and of an event source, as loads in a temporary directory."""
    home = Path(tempfile.mkdtemp())
    loads = []

    def load(source, extract_date, covers, shape, **tables):
        directory = home / str(len(loads))
        directory.mkdir()
        loads.append(
            write_load(StagedLoad(len(loads) + 1, directory), source, extract_date.isoformat(), ["all"], covers, tables, shape)
        )

    for extract_date, (listed, visits, cases) in zip(EXTRACTS, history, strict=True):
        load("gp", extract_date, (None, None), {"shape": "snapshot", "lag": 30}, registrations=[
            {"person": person, "agency": "P1", "register": "gp", **spell} for person, spell in listed.items()])  # fmt: skip
        told = {contact: said for contact, said in visits.items() if said[0] <= extract_date}
        load(
            "hv", extract_date, ("2011-01-01", extract_date.isoformat()), {"lag": 5},
            contacts=[{"contact": contact, "kind": "visit", "occurred_on": on} for contact, (on, _) in told.items()],
            participants=[{"contact": contact, "person": person, "role": "subject", "level": level}
                          for contact, (_, levels) in told.items() for person, level in levels.items()],
            involvements=[{"person": person, "agency": "T", "status": "cin", **spell} for person, spell in cases.items()],
        )  # fmt: skip
    return loads


FOLDED = ("claim_registrations", "claim_involvements", "event_contacts", "event_participants", "source_people")


def folded(loads):
    """The folded tables, each row's load told by its source and extract date."""
    names = {str(load.n): f"{load.source} of {load.extract_date}" for load in loads}
    with tempfile.TemporaryDirectory() as work, connect(Path(work)) as connection:
        fold(connection, loads)
        files = connection.execute("SELECT load, list(file ORDER BY place) FROM load_file GROUP BY load").fetchall()
        row_names = RowNames(dict(files))
        tables = {}
        for table in FOLDED:
            told = table
            if table.startswith("event_"):  # their rows are told by a number until the graph is written
                told = f"(SELECT c.*, row_of(f.first, turn) AS row FROM {table} c JOIN source_file f ON f.id = file_of(turn))"
            found = connection.execute(f"FROM {told}")
            columns = [column[0] for column in found.description]
            rows = [dict(zip(columns, row, strict=True)) for row in found.fetchall()]
            tables[table] = [{name: row[name] for name in columns if "turn" not in name} for row in rows]
            for row in tables[table]:
                load, rest = row_names.text(row["row"]).split(":", 1)
                row["row"] = f"{names[load]}:{rest}"
        return tables


@FEW
@given(history=histories, order=st.permutations(range(6)))
def test_the_order_of_loading_changes_nothing_but_load_numbers(write_load, history, order):
    loads = write(history, write_load)
    again = [replace(loads[place], n=n) for n, place in enumerate(order, start=100)]
    one, two = folded(loads), folded(again)
    for table in FOLDED:
        assert sorted(one[table], key=str) == sorted(two[table], key=str), table


def standing(tables, day):
    """What is said as at a day: claims with the ends known by then, and contacts."""
    said = set()
    for table in ("claim_registrations", "claim_involvements"):
        for row in tables[table]:
            known = row["known_on"] <= day and not (row["withdrawn_on"] and row["withdrawn_on"] <= day)
            if known and not (row["valid_from"] and row["valid_from"] > day):
                end = row["valid_to"] if row["end_known_on"] and row["end_known_on"] <= day else None
                said.add((table, row["person"], row["agency"], row["valid_from"], end, row["row"]))
    for row in tables["event_participants"]:
        if row["known_on"] <= day and not (row["withdrawn_on"] and row["withdrawn_on"] <= day) and row["occurred_on"] <= day:
            said.add((row["contact"], row["person"], row["occurred_on"], row["level"], row["row"]))
    return said


@FEW
@given(history=histories, back=st.lists(st.integers(0, 60), min_size=4, max_size=4))
def test_a_later_extract_changes_nothing_that_was_known_by_an_earlier_day(write_load, history, back):
    loads = write(history, write_load)
    whole = folded(loads)
    for extract_date in EXTRACTS[:-1]:
        earlier = folded([load for load in loads if load.extract_date <= extract_date])
        for days in (0, *back):
            day = extract_date - timedelta(days=days)
            assert standing(earlier, day) == standing(whole, day), day
