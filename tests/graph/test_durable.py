"""Files for their owner alone: written whole or not at all, and never over another unasked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from lastseen.graph.durable import write_private
from lastseen.graph.errors import Refused


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_private_file_is_its_owner_s_alone_and_is_not_written_over_unasked(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        path = tmp_path / "a.csv"
        write_private(path, "one")
        with pytest.raises(Refused, match=r"a\.csv is there already"):
            write_private(path, "two")
        assert (path.read_text(), mode(path)) == ("one", 0o600)
        path.chmod(0o644)
        write_private(path, "three", replace=True)
        assert (path.read_text(), mode(path)) == ("three", 0o600)
        write_private(tmp_path / "b.csv", "new", replace=True)
        assert sorted(one.name for one in tmp_path.iterdir()) == ["a.csv", "b.csv"]
    finally:
        os.umask(before)


@pytest.mark.parametrize("replace", [True, False])
def test_where_nothing_can_be_written_nothing_is_left_and_it_is_said(tmp_path: Path, replace: bool) -> None:
    with pytest.raises(Refused, match="can't be written"):
        write_private(tmp_path / "none" / "a.csv", "one", replace=replace)
    with pytest.raises(UnicodeEncodeError):
        write_private(tmp_path / "a.csv", "\ud800", replace=replace)
    assert list(tmp_path.iterdir()) == []
