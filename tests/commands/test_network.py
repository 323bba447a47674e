"""A network leaves the program as a private file, and only as a kind that was asked for."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Lastseen = Callable[..., Any]


@pytest.mark.parametrize("kind", ["html", "graphml", "json"])
def test_each_kind_is_written_for_its_owner_alone(lastseen: Lastseen, reading: list[str], tmp_path: Path, kind: str) -> None:
    out = tmp_path / f"family.{kind}"
    out.write_text("old")
    out.chmod(0o644)
    done = lastseen("network", "Tam Marlowe", "--out", out, *reading)
    assert done.exit_code == 0, done.stderr
    assert done.stdout == ""
    assert str(out) in done.stderr
    assert out.stat().st_mode & 0o777 == 0o600
    text = out.read_text()
    assert "Tam" in text
    if kind == "json":
        assert json.loads(text)
    if kind == "graphml":
        assert ET.fromstring(text).tag.endswith("graphml")  # noqa: S314 - our own file
    assert list(tmp_path.glob(".family*")) == []


def test_fewer_steps_hold_less(lastseen: Lastseen, larch_court: Path, tmp_path: Path) -> None:
    sizes = []
    for hops in (1, 2):
        out = tmp_path / f"{hops}.graphml"
        assert lastseen("network", "Tam Marlowe", "--hops", hops, "--out", out, "--workspace", larch_court).exit_code == 0
        sizes.append(out.read_text().count("<node "))
    assert 1 < sizes[0] < sizes[1]


HTML = ["--out", "x.html"]


WRONG = ([], ["--out", "x.svg"], [*HTML, "--hops", "0"], [*HTML, "--hops", "7"], [*HTML, "--show", "Planet"])


@pytest.mark.parametrize("words", WRONG)
def test_what_can_not_be_drawn_is_refused(
    lastseen: Lastseen, larch_court: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = lastseen("network", "Tam Marlowe", *words, "--workspace", larch_court)
    assert done.exit_code == 2
    assert list(tmp_path.glob("x.*")) == []


def test_a_place_that_can_not_be_written_to_is_refused(lastseen: Lastseen, larch_court: Path, tmp_path: Path) -> None:
    done = lastseen("network", "Tam Marlowe", "--out", tmp_path / "none" / "x.html", "--workspace", larch_court)
    assert done.exit_code == 2
    assert "can't be written" in done.stderr
