from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lastseen = Callable[..., Any]


def test_a_row_of_an_answer_is_traced_to_its_load_and_to_the_last_list_that_said_so(
    lastseen: Lastseen, larch_court: Path
) -> None:
    row = "8:gp_list_P1_2013-10-09_fictional.csv:5"  # the index child joins the list
    done = lastseen("origin", row, "--workspace", larch_court, "--format", "json")
    assert done.exit_code == 0, done.stderr
    said = {one["record"]: one for one in json.loads(done.stdout)}
    assert set(said) == {"people", "identifiers", "residences", "registrations"}
    assert {one["load"] for one in said.values()} == {8}
    assert (said["registrations"]["first_said"], said["registrations"]["last_said"]) == ("2013-10-09", "2016-11-22")
    assert (said["residences"]["first_said"], said["residences"]["last_said"]) == ("2013-10-09", "2013-10-09"), "they moved"


@pytest.mark.parametrize("row", ["nonsense", "99:a.csv:1", "8:gp_list_P1_2013-10-09_fictional.csv:99"])
def test_what_no_load_says_is_refused(lastseen: Lastseen, larch_court: Path, row: str) -> None:
    done = lastseen("origin", row, "--workspace", larch_court)
    assert (done.exit_code, done.stdout) == (2, "")
