"""The Larch Court family under names that try to run, to fetch a picture, or to be a formula in a spreadsheet."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from lastseen.graph.archive import Settings, Workspace
from lastseen.loaders.folders import load_folder
from lastseen.loaders.made_up import write_larch_court

RUNS = "<img src=x onerror=window.pwned=1>"
FETCHES = "![x](http://evil.example/x.png)"
FORMULA = "=cmd|' /C calc'!A0"
SCRIPT = "<script>window.pwned=2</script>"

NAMES = {
    r"(?i)\btam\b": RUNS, r"(?i)\bfreya\b": FETCHES, r"(?i)\bcraig\b": FORMULA, "Aldermere Park Surgery": SCRIPT,
}  # fmt: skip


def hostile_larch_court(root: Path) -> Path:
    """A workspace of that family, loaded from extracts as the agencies would send them."""
    extracts = root / "extracts"
    for path in write_larch_court(extracts):
        text = path.read_bytes().decode("utf-8-sig")
        for name, hostile in NAMES.items():
            text = re.sub(name, lambda _, hostile=hostile: hostile, text)
        path.write_bytes(text.encode("utf-8"))
    workspace = Workspace.open(root / "hostile", create=True)
    workspace.save_settings(Settings(
        title=RUNS, area="Aldermere", default_as_at=date(2018, 7, 20), fictional=True,
        expected_every={"gp_list": 3650, "school_roll": 3650},
    ))  # fmt: skip
    load_folder(workspace, extracts)
    return workspace.home
