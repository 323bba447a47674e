"""Data in full on standard output, whatever the screen and whatever a source wrote into its cells."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import sys
from datetime import date
from pathlib import Path

import pytest

from lastseen.commands.options import Format
from lastseen.commands.output import write, write_json

LONG = "police_notices:" + "N" * 300


def test_a_piped_table_cuts_nothing_and_lines_up(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"record_id": LONG, "last_seen": date(2018, 7, 20)}, {"record_id": "b", "last_seen": None}]
    write(["record_id", "last_seen"], rows, Format.table)
    heading, rule, first, second = capsys.readouterr().out.splitlines()
    assert first == f"{LONG}  2018-07-20"
    assert heading.split() == ["record", "id", "last", "seen"]
    assert heading.index("last seen") == first.index("2018-07-20") == rule.rindex(" ") + 1
    assert second == "b"


def test_wide_characters_line_up_by_the_cells_they_take(capsys: pytest.CaptureFixture[str]) -> None:
    write(["name", "n"], [{"name": "李小龍", "n": 1}, {"name": "ab", "n": 2}], Format.table)
    lines = capsys.readouterr().out.splitlines()
    assert lines[2:] == ["李小龍  1", "ab      2"]


def test_a_table_shows_no_character_that_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    write(["name"], [{"name": "Tam\x1b[2J\r\n\u202eMarlowe\x07"}], Format.table)
    out = capsys.readouterr().out
    assert out.count("\n") == 3
    assert not any(character in out for character in "\x1b\r\u202e\x07")
    assert "Marlowe" in out


def on_screen(monkeypatch: pytest.MonkeyPatch, rows: list[dict[str, object]], columns: int) -> str:
    """What a terminal of so many columns gets, without its colours."""
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    with os.fdopen(theirs, "w") as screen:
        monkeypatch.setattr(sys, "stdout", screen)
        write(list(rows[0]), rows, Format.table)
        screen.flush()
        os.set_blocking(ours, False)
        said = b"".join(iter(lambda: os.read(ours, 4096) if select.select([ours], [], [], 0.5)[0] else b"", b"")).decode()
    os.close(ours)
    return re.sub(r"\x1b\[[0-9;]*m", "", said).replace("\r\n", "\n")


def test_a_terminal_folds_a_long_value_and_loses_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    said = on_screen(monkeypatch, [{"record_id": "N" * 60, "kind": "[red]visit[/red]", "on": date(2018, 7, 20)}], 70)
    assert said.count("N") == 60
    assert "2018-07-20" in said
    assert "[red]visit[/red]" in said
    assert max(len(line) for line in said.splitlines()) <= 70


def test_a_table_far_wider_than_the_screen_is_a_block_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    said = on_screen(monkeypatch, [{"record_id": LONG, "last_seen": date(2018, 7, 20), "row": None}, {"record_id": "b"}], 60)
    assert said.count("N") == 300
    assert "1 of 2" in said
    assert "last seen  2018-07-20" in said
    assert "row" not in said
    assert max(len(line) for line in said.splitlines()) <= 60


def test_csv_is_safe_in_a_spreadsheet_and_keeps_kinds(capsys: pytest.CaptureFixture[str]) -> None:
    write(["a", "b", "c"], [{"a": "=HYPERLINK(1)", "b": -3, "c": [date(2018, 1, 2), None]}], Format.csv)
    assert capsys.readouterr().out == "a,b,c\n'=HYPERLINK(1),-3,2018-01-02; \n"


def test_json_has_iso_dates_and_letters_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    write_json({"on": date(2018, 7, 20), "name": "Zoë", "path": Path("a"), "pair": ("a", 1)})
    out = capsys.readouterr().out
    assert "Zoë" in out
    assert json.loads(out) == {"on": "2018-07-20", "name": "Zoë", "path": "a", "pair": ["a", 1]}
