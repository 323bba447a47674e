"""A data engineer adds a register in a real browser, from upload to the loaded rows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from lastseen.graph.archive import Workspace

pytestmark = pytest.mark.browser

# Made up.
CHILDREN = """NHS number,Surname,Forename,Date of birth,Sex,Nursery,Start date
9434765919,Ash,Rowan,25/03/2021,F,Acorns,01/09/2023
9434765870,Birch,Sam,03/04/2021,M,Acorns,01/09/2023
"""


def test_a_register_is_added_from_upload_to_loaded_rows(empty_app: str, empty: Path, visitor: Any, tmp_path: Path) -> None:
    page = visitor.page
    extract = tmp_path / "nursery list.csv"
    extract.write_text(CHILDREN)
    visitor.open(f"{empty_app}/register")
    expect(page.get_by_text("Give any table")).to_be_visible()
    page.locator("input[type=file]").set_input_files(extract)
    page.get_by_role("button", name="Propose a mapping").click()
    box = page.get_by_role("textbox", name="Mapping (YAML)")
    expect(box).to_have_value(re.compile("source: nursery_list"))
    page.get_by_role("combobox", name=re.compile(": shape")).click()
    page.keyboard.type("event")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing is left to decide.")).to_be_visible()
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_text("2 rows read, 0 rejected.")).to_be_visible()
    expect(page.get_by_role("cell", name="register: early_years")).to_have_count(2)
    page.get_by_role("button", name="Load and publish").click()
    expect(page.get_by_text("Loaded as nursery_list: 2 rows read, 2 kept, 0 rejected.")).to_be_visible()
    assert [load.source for load in Workspace.open(empty).loads()] == ["nursery_list"]
    assert not [*(empty / "tmp").iterdir()]
    page.get_by_test_id("stMain").get_by_role("link", name="See what was read").click()
    expect(page.get_by_text("Loads (1)")).to_be_visible()
    assert visitor.faults == []
