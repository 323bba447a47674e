"""Hostile texts: every row keeps its true line, no broken row swallows another, what can't be read is refused by name."""

from __future__ import annotations

import csv
import io
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lastseen.graph.errors import Refused
from lastseen.loaders import splitting
from lastseen.loaders.inputs import as_text, members, unpacked
from lastseen.loaders.reading import read_header, read_rows

Read = tuple[dict[int, list[str]], dict[int, str]]


def read(content: str | bytes, folder: Path, title_rows: int = 0, delimiter: str = ",") -> Read:
    """Line → cells of the rows that could be read, and line → fault of the others."""
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    text = as_text(path, "a.csv", folder)
    header = read_header(text, title_rows, delimiter)
    raw = read_rows(text, header, delimiter, range(len(header.names)), folder / "out")
    cells = pq.read_table(raw.path).to_pylist()
    broken = pq.read_table(raw.broken).to_pylist()
    assert raw.read == len(cells) + len(broken)
    width = len(header.names)
    return {row["line"]: [row[f"c{i}"] for i in range(width)] for row in cells}, {row["line"]: row["fault"] for row in broken}


def test_lines_are_counted_through_quoted_line_ends_and_blank_lines(tmp_path: Path) -> None:
    good, bad = read('a,b,c\n1,2,3\n4,"5\n5",6\n\n,,\n" ",,\n7,8\n9,10,11', tmp_path)
    assert good == {2: ["1", "2", "3"], 3: ["4", "5\n5", "6"], 9: ["9", "10", "11"]}
    assert bad == {8: splitting.WIDTH}


def test_title_lines_are_passed_over_and_counted(tmp_path: Path) -> None:
    assert read("A report, of, many, cells\nmade today\na,b\n1,2\n", tmp_path, title_rows=2) == ({4: ["1", "2"]}, {})


def test_ragged_rows_are_broken_one_by_one(tmp_path: Path) -> None:
    good, bad = read("a,b\n1\n1,2\n1,2,3\n", tmp_path)
    assert (good, bad) == ({3: ["1", "2"]}, {2: splitting.WIDTH, 4: splitting.WIDTH})


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    good, bad = read('a,b,c\n1,"2,3\n4,5,6\n7,"8\n8",9\n10,11,12\n', tmp_path)
    assert good == {3: ["4", "5", "6"], 4: ["7", "8\n8", "9"], 6: ["10", "11", "12"]}
    assert bad == {2: splitting.OPEN_QUOTE}


def test_two_broken_quotes_do_not_swallow_the_rows_between_them(tmp_path: Path) -> None:
    """Taken together they look like one well-quoted row over many lines, which most parsers make of them."""
    between = "".join(f"{n},x,y\n" for n in range(50))
    good, bad = read(f'a,b,c\n1,"2,3\n{between}7,8",9\n10,11,12\n', tmp_path)
    assert len(good) == 52  # the fifty, the last, and the one whose quote stands inside its cell
    assert bad == {2: splitting.OPEN_QUOTE}


def test_a_file_of_broken_quotes_is_gone_through_in_good_time(tmp_path: Path) -> None:
    good, bad = read("a,b,c\n" + '1,"2,3\n' * 20_000 + "4,5,6\n", tmp_path)
    assert (good, len(bad)) == ({20_002: ["4", "5", "6"]}, 20_000)


def test_quotes_inside_cells_and_after_spaces_are_understood(tmp_path: Path) -> None:
    good, bad = read('a,b\n5" pipe,6\n"say ""so""",""\n1, "x, y"\n', tmp_path)
    assert (good, bad) == ({2: ['5" pipe', "6"], 3: ['say "so"', ""], 4: ["1", "x, y"]}, {})


def test_nul_bytes_and_stray_returns_break_their_rows(tmp_path: Path) -> None:
    good, bad = read('a,b\n1,2\x00\n3\r4,5\n6,"7\r8"\n9,9\n', tmp_path)
    assert (good, bad) == ({4: ["6", "7\r8"], 5: ["9", "9"]}, {2: splitting.NUL, 3: splitting.STRAY_RETURN})


@pytest.mark.parametrize("size", [2_000_000, 40_000_000])
@pytest.mark.parametrize("quote", ["", '"'])
def test_a_cell_of_megabytes_breaks_its_row_only(tmp_path: Path, size: int, quote: str) -> None:
    good, bad = read(f"a,b\n1,2\n{quote}{'x' * size},2\n3,4\n", tmp_path)
    assert (good, [*bad]) == ({2: ["1", "2"], 4: ["3", "4"]}, [3])


def test_rows_are_read_alike_across_the_edges_of_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lastseen.loaders.reading.BLOCK", 37)
    rows = [[str(n), f"note {n}\nwith, comma", "é" * (n % 5)] for n in range(200)]
    out = io.StringIO()
    csv.writer(out).writerows([["a", "b", "c"], *rows])
    good, bad = read(out.getvalue(), tmp_path)
    assert (list(good.values()), list(good), bad) == (rows, [2 + 2 * n for n in range(200)], {})


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_any_line_end_will_do(tmp_path: Path, ends: str) -> None:
    assert read(ends.join(["a,b", "1,2", "3,4", ""]), tmp_path) == ({2: ["1", "2"], 3: ["3", "4"]}, {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"])
def test_an_encoding_is_read_right(tmp_path: Path, encoding: str) -> None:
    good, bad = read("name,town\nZoë Ó Briain,Besançon\n".encode(encoding), tmp_path)
    assert (good, bad) == ({2: ["Zoë Ó Briain", "Besançon"]}, {})


def test_a_late_foreign_byte_changes_the_reading_of_the_whole_file(tmp_path: Path) -> None:
    good, _ = read(b"a,b\n" + b"1,2\n" * 100_000 + "é,2\n".encode("cp1252"), tmp_path)
    assert good[100_002] == ["é", "2"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"\n\n  \n", "has no header"),
        (b"PK\x03\x04 and so on", "zip archive or a workbook"),
        (b"%PDF-1.7", "a PDF"),
        (bytes(range(256)) * 50, "binary file"),
        ("a,b\né,1\n".encode() + "é,2\n".encode("cp1252"), "neither UTF-8 nor Windows-1252"),
        (b"\xef\xbb\xbfa,b\n\xff\xff,1\n", "says it is UTF-8 and is not"),
        (b"\xff\xfea,b\n1", "says it is UTF-16 and is not"),
    ],
)
def test_what_is_no_table_of_text_is_refused_by_name(tmp_path: Path, content: bytes, said: str) -> None:
    with pytest.raises(Refused, match=said) as refused:
        read(content, tmp_path)
    assert refused.value.what.startswith("a.csv")


CELL = st.text(st.sampled_from('ab1 ",\n\r\té\u00a0='), max_size=6)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=12),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_whatever_a_csv_writer_writes_is_read_back(tmp_path: Path, rows: list[list[str]], quoting: Literal[0, 1]) -> None:
    rows = [row for row in rows if "".join(row).strip(' ",\n\r\t')]  # rows of nothing are no rows
    if quoting == csv.QUOTE_MINIMAL:
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]  # which this writer would leave without quotes
    out = io.StringIO()
    csv.writer(out, quoting=quoting, lineterminator="\n").writerows([["a", "b", "c"], *rows])
    good, bad = read(out.getvalue(), tmp_path)
    if any(cell.count("\n") > 1 and "," in cell for row in rows for cell in row):
        # a cell with three cells inside it can't be told from rows that an open quote swallowed: it is rejected aloud
        assert all(cells in rows for cells in good.values()) or splitting.OPEN_QUOTE in bad.values()
    else:
        assert (list(good.values()), bad) == (rows, {})


def test_a_row_of_which_only_an_open_quote_is_left_is_rejected_and_not_blank(tmp_path: Path) -> None:
    good, bad = read('a,b,c\n,,"\n1,,\n"\n', tmp_path)
    assert good == {3: ["1", "", ""]}, "read as a row that the open quote would have swallowed"
    assert bad == {2: splitting.OPEN_QUOTE, 4: splitting.OPEN_QUOTE}


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.text(st.sampled_from('a1,,"" \n\n\r\0é'), max_size=80))
def test_no_text_breaks_the_reader_and_no_line_is_lost(tmp_path: Path, body: str) -> None:
    if body.count("\0") > 8:
        return  # a binary file
    good, bad = read("a,b\n" + body, tmp_path)
    assert not good.keys() & bad.keys()
    covered = {line + extra for line, cells in good.items() for extra in range("".join(cells).count("\n") + 1)}
    for number, line in enumerate(body.split("\n"), 2):
        if line.strip(' ,"\r\t'):
            assert number in covered or any(number >= broken for broken in bad), f"line {number} is neither read nor told"


# --- zips ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., Path]:
    def make(**names: str | bytes) -> Path:
        path = tmp_path / "a.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in names.items():
                archive.writestr(name, content)
        return path

    return make


def test_members_that_match_are_unpacked_under_names_of_our_own(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(**{"folder/people.csv": "a\n1\n", "other.txt": "x"})
    work = tmp_path / "work"
    work.mkdir()
    found, left = unpacked(path, ["*people.csv"], work)
    assert [(text.name, text.path.parent) for text in found] == [("people.csv", work)]
    assert left == ["other.txt"]


@pytest.mark.parametrize("name", ["../up.csv", "/etc/up.csv", "a/../../up.csv", "..\\up.csv", "C:\\up.csv"])
def test_a_member_that_leads_out_of_its_zip_is_refused(zipped: Callable[..., Path], tmp_path: Path, name: str) -> None:
    with pytest.raises(Refused, match="leads out"):
        unpacked(zipped(**{name: "a\n1\n"}), ["*"], tmp_path)


def test_a_zip_bomb_is_refused_before_it_is_unpacked(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(**{"a.csv": b"0" * (100 << 20)})
    with pytest.raises(Refused, match="unpacks to"):
        unpacked(path, ["*"], tmp_path)
    assert [*tmp_path.glob("text-*")] == []


def test_a_zip_that_lies_about_its_size_is_refused(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(**{"a.csv": "a,b\n" + "1,2\n" * 5000})
    data = path.read_bytes()
    size = (4 + 4 * 5000).to_bytes(4, "little")
    assert data.count(size) == 2
    path.write_bytes(data.replace(size, (40).to_bytes(4, "little")))
    with pytest.raises(Refused, match=r"unpacks to more than it says|is damaged"):
        unpacked(path, ["*"], tmp_path)


def test_links_and_names_that_stand_twice_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    link = zipfile.ZipInfo("a.csv")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(Refused, match="a link"):
        members(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x/a.csv", "a\n1\n")
        archive.writestr("y/a.csv", "a\n2\n")
    with pytest.raises(Refused, match="more than once"):
        members(path)


def test_a_truncated_zip_is_refused(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(**{"a.csv": "a,b\n" + "1,2\n" * 5000})
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(Refused, match="damaged"):
        unpacked(path, ["*"], tmp_path)


def test_a_damaged_zip_is_refused(zipped: Callable[..., Path], tmp_path: Path) -> None:
    path = zipped(**{"a.csv": "a,b\n" + "1,2\n" * 5000})
    data = bytearray(path.read_bytes())
    data[45:60] = b"\xff" * 15
    path.write_bytes(bytes(data))
    with pytest.raises(Refused, match="damaged"):
        unpacked(path, ["*"], tmp_path)
