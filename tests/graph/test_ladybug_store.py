"""The embedded engine: built once, read only, pinned, and never answering with half."""

import json
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph import ladybug_store
from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.ladybug_store import LADYBUG_VERSION, LadybugStore, build_database, check_engine, read_marker
from lastseen.graph.store import GraphTables, Marker

Make = Callable[[dict[str, list[dict[str, Any]]]], GraphTables]
MARKER = Marker("w", "Port Carrow", "b1", "ready", datetime(2026, 1, 2, tzinfo=UTC), date(2018, 7, 20), True, "Larch Court")
FAMILY = {
    "Person": [{"id": "a:1", "born_on": date(2010, 2, 3)}, {"id": "a:2"}],
    "PARENT_OF": [{"from": "a:2", "to": "a:1", "source": "births", "row": "1:b.csv:2", "known_on": date(2010, 3, 1)}],
}


@pytest.fixture
def built(tmp_path: Path, graph_tables: Make) -> Path:
    path = tmp_path / "ladybug.db"
    build_database(graph_tables(FAMILY), path, MARKER)
    return path


def test_only_the_pinned_version_is_let_in() -> None:
    check_engine(LADYBUG_VERSION)
    for other in ("0.20.3", "0.21.0", "0.22.0"):
        with pytest.raises(NotAvailable, match=r"pip install ladybug==0\.20\.4"):
            check_engine(other)


def test_a_build_says_its_marker_and_is_private(built: Path) -> None:
    store = LadybugStore(built)
    assert store.marker() == MARKER
    assert store.engine == "Ladybug 0.20.4"
    assert [oct(path.stat().st_mode & 0o777) for path in (built, built.with_name("marker.json"))] == ["0o600", "0o600"]
    store.close()


def test_a_file_by_another_engine_version_is_not_opened(built: Path) -> None:
    beside = built.with_name("marker.json")
    beside.write_text(json.dumps({**json.loads(beside.read_text()), "engine": "Ladybug 0.22.0"}))
    assert read_marker(built) is None
    with pytest.raises(NotAvailable, match="lastseen publish"):
        LadybugStore(built)


def test_half_a_build_without_its_marker_is_not_opened(built: Path) -> None:
    built.with_name("marker.json").unlink()
    with pytest.raises(NotAvailable):
        LadybugStore(built)


def test_a_damaged_file_is_said_to_be_damaged(built: Path) -> None:
    built.write_bytes(b"not a database" * 1000)
    with pytest.raises(NotAvailable, match="damaged"):
        LadybugStore(built)


@pytest.mark.parametrize(("rows", "table"), [
    ({"Person": [{"id": "a:1"}, {"id": "a:1"}]}, "Person"),
    ({"Person": [{"id": "a:1"}], "PARENT_OF": [{"from": "a:1", "to": "a:9", "source": "s", "row": "1:f:2"}]}, "PARENT_OF"),
])
def test_an_id_twice_or_an_edge_without_its_end_stops_the_build_without_naming_it(
    tmp_path: Path, graph_tables: Make, rows: dict[str, list[dict[str, Any]]], table: str
) -> None:
    path = tmp_path / "ladybug.db"
    with pytest.raises(Refused, match=table) as caught:
        build_database(graph_tables(rows), path, MARKER)
    assert "a:" not in str(caught.value)
    assert read_marker(path) is None


def test_many_databases_are_open_at_once(tmp_path: Path, graph_tables: Make) -> None:
    tables = graph_tables(FAMILY)
    stores = []
    for n in range(40):
        (tmp_path / str(n)).mkdir()
        build_database(tables, tmp_path / str(n) / "ladybug.db", MARKER)
        stores.append(LadybugStore(tmp_path / str(n) / "ladybug.db"))
    assert [store.counts().nodes["Person"] for store in stores] == [2] * 40
    for store in stores:
        store.close()


def test_threads_share_one_store(built: Path) -> None:
    store = LadybugStore(built)
    answers: list[object] = []

    def ask() -> None:
        for _ in range(50):
            answers.append(store.run("MATCH (p:Person {id: $id}) RETURN p.born_on", {"id": "a:1"}).rows)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[(date(2010, 2, 3),)]] * 300
    store.close()


def test_a_closed_store_says_so(built: Path) -> None:
    store = LadybugStore(built)
    store.close()
    store.close()
    with pytest.raises(NotAvailable, match="closed"):
        store.run("RETURN 1")


def test_closing_stops_what_still_runs_in_other_threads(built: Path) -> None:
    store = LadybugStore(built)
    slow = "UNWIND range(1, 30000) AS a UNWIND range(1, 30000) AS b WITH a, b WHERE a * b * (a + b) = 7 RETURN count(*)"
    stopped: list[str] = []

    def ask() -> None:
        try:
            store.run(slow)
        except NotAvailable as error:
            stopped.append(error.what)

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    time.sleep(0.5)
    store.close()
    for thread in threads:
        thread.join(10)
    assert stopped == ["The statement was stopped."] * 3


def test_several_statements_in_one_text_are_refused(built: Path) -> None:
    store = LadybugStore(built)
    with pytest.raises(Refused, match="several"):
        store.run("RETURN 1; RETURN 2")
    store.close()


def many_contacts() -> dict[str, list[dict[str, Any]]]:
    contacts = [{"id": f"k:{n}", "kind": "visit", "source": "made_up", "row": f"1:made_up.csv:{n}"} for n in range(60_000)]
    return {**FAMILY, "Contact": contacts}


def test_a_build_for_which_the_memory_is_too_small_begins_again_with_more(
    tmp_path: Path, graph_tables: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries: list[int] = []
    within = ladybug_store._build_within
    monkeypatch.setattr(ladybug_store, "_BUILD_MEMORY", 1 << 24)
    monkeypatch.setattr(ladybug_store, "_build_within", lambda memory, *rest: tries.append(memory) or within(memory, *rest))
    build_database(graph_tables(many_contacts()), tmp_path / "ladybug.db", MARKER)
    store = LadybugStore(tmp_path / "ladybug.db")
    assert len(tries) > 1
    assert store.counts().nodes["Contact"] == 60_000
    store.close()


def test_a_machine_too_small_for_the_build_is_said_and_nothing_is_left(
    tmp_path: Path, graph_tables: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ladybug_store, "_BUILD_MEMORY", 1 << 24)
    monkeypatch.setattr(ladybug_store, "_physical_memory", lambda: 1 << 24)
    with pytest.raises(NotAvailable, match="memory is too small"):
        build_database(graph_tables(many_contacts()), tmp_path / "ladybug.db", MARKER)
    assert not list(tmp_path.glob("ladybug.db*"))
