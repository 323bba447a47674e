"""Where a row stands as one number: told as 'load:file:line', refused where there is no room for it."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from lastseen.graph.errors import Refused
from lastseen.graph.rows import FILES, LINES, RowNames, files_of, first_of, refuse_long

NAMES = RowNames({7: ["gp.csv", "zip member.csv"]})


def test_a_number_is_read_digit_by_digit_and_told_by_the_loads_files() -> None:
    assert first_of(7, 1) + 857 == 70001000000857
    assert NAMES.told(70001000000857) == "7:gp.csv:857"
    assert NAMES.told([first_of(7, 2) + 1, None]) == ["7:zip member.csv:1", None]
    assert NAMES.told(None) is None


def test_what_no_load_node_tells_is_told_by_number() -> None:
    assert NAMES.text(first_of(7, 3) + 5) == "7:file 3:5"
    assert NAMES.text(first_of(8, 1) + 5) == "8:file 1:5"


def test_the_largest_load_file_and_line_have_a_number_that_both_engines_hold() -> None:
    number = first_of(900_000, FILES - 1) + LINES - 1
    assert number < 2**63
    assert NAMES.text(number) == f"900000:file {FILES - 1}:{LINES - 1}"


def test_files_keep_the_manifests_order_and_members_of_a_zip_come_after_it() -> None:
    assert files_of(["b.zip", "a.csv", "a.csv"], ["m2.csv", "a.csv", "m1.csv"]) == ["b.zip", "a.csv", "m1.csv", "m2.csv"]
    with pytest.raises(Refused, match="10,000 files"):
        files_of((f"{n}.csv" for n in range(FILES)), [])


def test_a_line_without_a_number_is_refused(tmp_path: Path) -> None:
    table = tmp_path / "contacts.parquet"
    pq.write_table(pa.table({"file": ["a.csv"], "line": [LINES - 1]}), table)
    refuse_long([table])
    pq.write_table(pa.table({"file": ["a.csv"], "line": [LINES]}), table)
    with pytest.raises(Refused, match="1,000,000,000 lines"):
        refuse_long([table])
