from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.loaders.loading import load

Open = Callable[..., AppTest]
Words = Callable[[AppTest], str]


def test_nothing_wrong_is_said_with_what_was_looked_at(open_app: Open, words: Words) -> None:
    test = open_app("quality")
    assert not test.exception
    said = words(test)
    assert "18 loads: 853 rows read, 853 kept, 0 rejected." in said
    assert "Nothing is wrong that the checks know of." in said
    assert "Covered days" in said


def test_a_fault_is_told_by_file_and_line_and_a_held_list_waits_on_both_pages(
    open_app: Open, words: Words, larch_court: Path, tmp_path: Path
) -> None:
    home = tmp_path / "own"
    shutil.copytree(larch_court, home)
    workspace = Workspace.open(home)
    workspace.save_settings(replace(workspace.settings, fewer_floor=3))
    extracts = larch_court.parent / "extracts" / "larch-court"
    lines = (extracts / "gp_list_P1_2016-11-22_fictional.csv").read_text(encoding="utf-8-sig").splitlines()
    born = "\n".join(lines).replace("22/11/2016", "22/12/2016").replace("11/06/2012", "12/06/2012").replace("Wren", "=Baby")
    whole, short = tmp_path / "december.csv", tmp_path / "january.csv"
    whole.write_text(born, encoding="utf-8")
    load(workspace, "gp_list", [whole])
    short.write_text("\n".join(lines[:2]).replace("22/11/2016", "22/01/2017"), encoding="utf-8")
    with pytest.raises(Refused, match="Held back"):
        load(workspace, "gp_list", [short])

    test = open_app("quality", home=home)
    assert not test.exception
    test.selectbox(key="quality_source").select("gp_list").run()
    said = words(test)
    assert "birth date differs" in said
    assert "december.csv line 5" in said
    assert "births 4:births_register_fictional.csv:" in said, "which rows say otherwise, here and not in the file"
    assert "Tam" not in said
    assert "Held back: gp list of P1 as of 22 January 2017 has 1 person, where 22 December 2016 had 5" in said
    assert "Held back: gp list of P1" in words(open_app("loads", home=home))
