"""A spreadsheet must never run what a source wrote into a cell."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from lastseen.governance.spreadsheets import csv_text, neutral


@pytest.mark.parametrize("text", ["=1+1", "+44 1274", "-2+3", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u200b=1", "＝1", "\ufeff=1"])
def test_what_a_spreadsheet_would_run_stands_behind_an_apostrophe(text: str) -> None:
    assert neutral(text) == "'" + text


@pytest.mark.parametrize("text", ["Tam", "4 Larch Court", "o'Brien", "", "a=b"])
def test_other_text_is_left_as_it_is(text: str) -> None:
    assert neutral(text) == text


def test_a_list_that_starts_like_a_formula_is_neutralised_too() -> None:
    assert csv_text(["who"], [[["=A1", "b"]]]) == "who\n'=A1; b\n"


def test_numbers_dates_and_flags_stay_what_they_are() -> None:
    text = csv_text(["n", "on", "seen", "none"], [[-5, date(2018, 7, 20), True, None]])
    assert text == "n,on,seen,none\n-5,2018-07-20,true,\n"


def test_commas_quotes_and_line_breaks_come_back_as_they_went_in() -> None:
    rows = list(csv.reader(io.StringIO(csv_text(["a", "b"], [['x, "y"', "one\ntwo"]]))))
    assert rows == [["a", "b"], ['x, "y"', "one\ntwo"]]


def test_a_lone_return_inside_a_cell_does_not_begin_a_row() -> None:
    assert csv_text(["a", "b"], [["x\r=1+1", "y"]]) == 'a,b\n"x\n=1+1",y\n'
