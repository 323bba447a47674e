"""A small, fixed sample of `make fuzz`, so that the harness itself cannot rot; none of these files is at fault."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import judging
from breaking import broken
from seeds import seeds

FIRST, FILES = 1_000_000, 60


@pytest.fixture(autouse=True)
def _few_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    """One file's source told, one mapping proposed: both read all shipped mappings. This process's peak is other tests' too."""
    monkeypatch.setattr(judging, "RECOGNISED", FIRST)
    monkeypatch.setattr(judging, "PROPOSED", FIRST)
    monkeypatch.setattr(judging, "MEMORY", 1 << 50)


def test_a_sample_of_broken_files_is_loaded_whole_or_refused_in_words(tmp_path: Path) -> None:
    judge = judging.Judge(tmp_path)
    verdicts = {number: judge.judged(1, number) for number in range(FIRST, FIRST + FILES)}
    assert {number: why for number, (verdict, why) in verdicts.items() if verdict == "fault"} == {}
    counted = Counter(verdict for verdict, _ in verdicts.values())
    assert counted["refused"] > 10, "the files are not broken enough to test anything"
    assert counted["kept"] + counted["part"] > 10, "the files are so broken that only the door is tested"


def test_a_file_is_made_again_by_its_number() -> None:
    assert [broken(7, number).data for number in range(12)] == [broken(7, number).data for number in range(12)]
    formats = {one.name.rpartition(".")[2] for one in seeds()}
    assert formats == {"csv", "xlsx", "xml", "json", "ndjson", "zip", "yaml"}


def test_what_a_load_leaves_behind_or_fails_with_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = judging.Judge(tmp_path)

    def failing(*_: object, **__: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(judging, "load", failing)
    verdict, why = judge.judged(1, FIRST + 1)
    assert (verdict, "KeyError" in why) == ("fault", True)

    def leaving(*_: object, **__: object) -> None:
        (judge.workspace.home / "loads" / "half").mkdir()
        raise judging.LastseenError("Refused.")

    monkeypatch.setattr(judging, "load", leaving)
    assert judge.judged(1, FIRST + 1) == ("fault", "refused, and the workspace holds {'half'} more and set() less")
