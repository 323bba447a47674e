"""Typed Cypher reads and nothing else, on both real engines: no file is written, no node changes, and it ends."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.errors import LastseenError, NotAvailable, Refused
from lastseen.graph.store import GraphTables, Store
from lastseen.queries import console
from lastseen.queries.session import Session

D = date(2020, 6, 1)

NASTY = [
    # writes, in every case and with comments and line ends between
    "CREATE (n:Person {id: 'x'})",
    "cReAtE (n:Person {id: 'x'})",
    "MATCH (n) SET n.id = 'x'",
    "MATCH (n) sEt n.id = 'x'",
    "MATCH (n)\nSET\nn.id = 'x'",
    "MATCH (n)/**/SET/**/n.id='x'",
    "MATCH (n) DELETE n",
    "MATCH (n) DETACH DELETE n",
    "MATCH (n) NODETACH DELETE n",
    "MERGE (n:Person {id: 'x'})",
    "MATCH (n) REMOVE n.id",
    "MATCH (n) WITH n SET n:Agency RETURN n",
    "MATCH (a), (b) CREATE (a)-[:ABOUT]->(b)",
    "MATCH (n) FOREACH (x IN [1] | SET n.id = 'x')",
    "INSERT (n:Person {id: 'x'})",
    "MATCH (n) RETURN n; MATCH (n) DETACH DELETE n",
    "RETURN 1;;CREATE (n)",
    "RETURN 1 // \n; CREATE (n)",
    "RETURN 1 /* */ ; CREATE (n)",
    "RETURN 1 // comment\nCREATE (n)",
    "/* MATCH */ CREATE (n) // RETURN",
    "// nothing\rCREATE (n:Person {id: 'x'})",
    "CR/**/EATE (n)",
    "MATCH (n) DEL/* */ETE n",
    "MATCH (set) SET set.id = 'x'",
    "MATCH (n) WITH n AS detach, n AS x DETACH DELETE x",
    "MATCH (n:Person) WITH n AS remove REMOVE remove.id",
    "UNWIND [1] AS create CREATE (n)",
    "MATCH (n) RETURN n AS merge MERGE (m)",
    # procedures, subqueries and functions that do more than compute
    "CALL db.labels()",
    "CALL db.labels() YIELD label RETURN label",
    "MATCH (n) CALL apoc.create.node(['X'], {}) YIELD node RETURN node",
    "CALL { CREATE (n) } RETURN 1",
    "MATCH (n) CALL (n) { SET n.id = 'x' } RETURN n",
    "CALL { MATCH (n) DETACH DELETE n } IN TRANSACTIONS",
    "RETURN apoc.load.json('file:///etc/passwd')",
    "RETURN `apoc`.`load`.`json`('x')",
    "RETURN apoc . load . json ('x')",
    "RETURN dbms.components()",
    "RETURN read_text('/etc/passwd')",
    "RETURN nextval('s')",
    "RETURN file('x')",
    "RETURN currval('s')",
    "MATCH (n) WHERE EXISTS { CALL db.labels() YIELD label RETURN label } RETURN n",
    "MATCH (n) WHERE EXISTS { MATCH (m) SET m.id = 'x' } RETURN n",
    "MATCH (n) WHERE COUNT { CREATE (m) } > 0 RETURN n",
    "MATCH (n) RETURN COLLECT { CREATE (m) RETURN m }",
    "MATCH (n) WHERE EXISTS { MATCH (m) WHERE EXISTS { CREATE (k) } } RETURN n",
    "RETURN randomUUID()",
    "RETURN range(1, 1000000000)",
    "RETURN repeat('a', 1000000000)",
    "RETURN getenv('HOME')",
    # files, extensions and databases
    "COPY Person TO '{file}'",
    "COPY (MATCH (n:Person) RETURN n.id) TO '{file}'",
    "copy (match (n:Person) return n.id) to '{file}'",
    "MATCH (n:Person) RETURN n.id COPY TO '{file}'",
    "LOAD FROM '/etc/passwd' (header=false) RETURN *",
    "LOAD CSV FROM 'file:///etc/passwd' AS row RETURN row",
    "load csv with headers from 'http://localhost/x' as row return row",
    "LOAD WITH HEADERS (a STRING) FROM '/etc/passwd' RETURN a",
    "MATCH (n) WITH n LOAD FROM '/etc/passwd' RETURN *",
    "INSTALL json",
    "LOAD EXTENSION json",
    "LOAD json",
    "UNINSTALL json",
    "ATTACH '{file}' AS other (dbtype ladybug)",
    "DETACH other",
    "USE system MATCH (n) RETURN n",
    "USE other",
    "EXPORT DATABASE '{file}'",
    "IMPORT DATABASE '{file}'",
    "CREATE MACRO m(x) AS x + 1",
    "CREATE NODE TABLE T(id STRING PRIMARY KEY)",
    "DROP TABLE Person",
    "ALTER TABLE Person ADD x STRING",
    "CREATE SEQUENCE s",
    "CHECKPOINT",
    "BEGIN TRANSACTION",
    "COMMIT",
    "ROLLBACK",
    "CREATE INDEX i FOR (n:Person) ON (n.id)",
    "DROP CONSTRAINT c",
    "SHOW DATABASES",
    "SHOW USERS",
    "TERMINATE TRANSACTION 'x'",
    "CREATE USER eve SET PASSWORD 'x'",
    "GRANT ALL ON DBMS TO eve",
    "STOP DATABASE neo4j",
    "PROFILE MATCH (n) RETURN n",
    "EXPLAIN CREATE (n)",
    "CYPHER 5 CREATE (n)",
    "CYPHER runtime=slotted MATCH (n) RETURN n",
    "MATCH (n) USING PERIODIC COMMIT RETURN n",
    "CALL show_tables() RETURN *",
    "CALL current_setting('threads') RETURN *",
    "CALL threads=1",
    "CALL dbms.shutdown()",
    "MATCH (n) RETURN n FINISH",
    "COMMENT ON TABLE Person IS 'x'",
    "MATCH (t:sys) RETURN t",
    "MATCH (m:LastseenMarker) RETURN m",
    # spellings that a reader and an engine could take differently
    "\\u0043REATE (n)",
    "MATCH (n) \\u0053ET n.id = 'x'",
    "RETURN '\\u0027 CREATE (n) //'",
    "RETURN 'it\\'s' CREATE (n) //'",
    'RETURN "\\" CREATE (n) //"',
    "RETURN 'a' 'b'",
    "RETURN 'a''b'",
    "MATCH (n) RETURN `n` `CREATE`",
    "`CREATE` (n)",
    "MATCH (`n``) SET n.id='x' //`) RETURN 1",
    "RETURN 1 /* never closed",
    "RETURN 'never closed",
    "RETURN `never closed",
    "ＣＲＥＡＴＥ (n)",
    "CREATE\u00a0(n)",
    "RETURN 1\u2028CREATE (n)",
    "RETURN 1\u0085CREATE (n)",
    "MATCH (n) RETURN n\x00",
    "MATCH\u200b(n) RETURN n",
    "\ufeffCREATE (n)",
    "СREATE (n)",
    "",
    "   ",
    "// only a comment",
    ";",
    "42",
    "'x'",
    "$x",
    "MATCH (n RETURN n",
    "MATCH (n)) RETURN n",
    "RETURN {a: 1",
    "MATCH p = shortestPath((a)-[*]-(b)) RETURN p",
    "MATCH (a)-[:ABOUT* SHORTEST 1..3]-(b) RETURN a",
    "MATCH (n:$(x)) RETURN n",
    "MATCH (n) RETURN n[dynamic]",
    "MATCH (n:Persom) RETURN n",
    "MATCH (n:Person) RETURN n.nmae",
    "MATCH (n)-[:KNOWS]->() RETURN n",
    "MATCH (n:Person) WHERE n.id = $missing RETURN n",
]


@pytest.fixture
def session(story: Any) -> Session:
    story.child("c", date(2015, 1, 1), name="Tam Marlowe")
    story.child("d", date(2016, 1, 1))
    story.contact("k", date(2020, 5, 1), seen={"c": 3, "d": None})
    asked: Session = story.asked()
    return asked


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in: whatever appears there was written by a statement."""
    folder = tmp_path / "empty"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_nothing_on_a_nasty_list_gets_through(session: Session, empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = session.store.counts()
    people = session.store.run("MATCH (n:Person) RETURN n.id, n.born_on ORDER BY n.id").rows
    file = getattr(session.store, "path", None)
    bytes_before = file.read_bytes() if file else b""
    reached: list[str] = []
    real = session.store.run

    def watched(cypher: str, *given: Any, **limits: Any) -> Any:
        reached.append(cypher)
        return real(cypher, *given, **limits)

    monkeypatch.setattr(session.store, "run", watched)
    let_through = []
    for text in NASTY:
        try:
            session.cypher(text.replace("{file}", str(empty / "out.csv")), as_at=D)
        except LastseenError:
            continue
        let_through.append(text)
    assert let_through == []
    assert reached == [], "refused by the engine only, not by the guard"
    assert list(empty.iterdir()) == []
    monkeypatch.undo()
    assert session.store.counts() == before
    assert session.store.run("MATCH (n:Person) RETURN n.id, n.born_on ORDER BY n.id").rows == people
    assert (file.read_bytes() if file else b"") == bytes_before


@pytest.mark.parametrize("text", ["COPY (MATCH (n:Person) RETURN n.id) TO '{file}'", "CREATE (n:Person {id: 'x'})"])
def test_the_store_itself_does_not_change_the_graph_either(session: Session, empty: Path, text: str) -> None:
    """Behind the guard stands a read-only engine; COPY … TO is what Ladybug's lets through, so the guard must not."""
    before = session.store.counts()
    try:
        session.store.run(text.replace("{file}", str(empty / "out.csv")))
    except LastseenError:
        assert list(empty.iterdir()) == []
    else:
        assert session.store.dialect == "ladybug"
        assert "COPY" in text
    assert session.store.counts() == before


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("MATCH (p:Person) RETURN p.id AS id ORDER BY id DESC LIMIT 1;", [{"id": "d"}]),
        ("match (p:Person) where p.id = 'c' return p.id as id // the end", [{"id": "c"}]),
        (
            "MATCH (p:Person)<-[a:ABOUT]-(k:Contact) WHERE a.level >= 3 RETURN p.id AS id, k.kind AS kind",
            [{"id": "c", "kind": "visit"}],
        ),
        (
            "MATCH (p:Person) OPTIONAL MATCH (p)<-[a:ABOUT]-() WHERE a.level > 1"
            " WITH p, count(a.key) AS n RETURN p.id AS id, n ORDER BY id",
            [{"id": "c", "n": 1}, {"id": "d", "n": 0}],
        ),
        ("UNWIND ['CREATE (n)', 'x; DROP'] AS t RETURN t ORDER BY t SKIP 1", [{"t": "x; DROP"}]),
        ("MATCH (p:Person) WHERE EXISTS { MATCH (p)<-[a:ABOUT]-() WHERE a.level > 1 } RETURN p.id AS id", [{"id": "c"}]),
        (
            "MATCH (p:Person) RETURN p.id AS id, COUNT { MATCH (p)<-[:ABOUT]-() } AS n ORDER BY id",
            [{"id": "c", "n": 1}, {"id": "d", "n": 1}],
        ),
        (
            # The two halves of a UNION may run side by side, so their order is nobody's promise: same row from both.
            "MATCH (p:Person {id: 'c'}) RETURN p.id AS id UNION ALL MATCH (:Person {id: 'd'}) RETURN 'c' AS id",
            [{"id": "c"}, {"id": "c"}],
        ),
        (
            "MATCH (p:Person) WHERE p.id STARTS WITH 'c' AND NOT p.id IN ['d']"
            " RETURN CASE WHEN p.id = 'c' THEN 'yes' ELSE 'no' END AS x",
            [{"x": "yes"}],
        ),
        (
            "MATCH (p:Person)<-[a:ABOUT]-() WHERE known(a) AND child(p)"
            " RETURN p.id AS id, days_between(a.occurred_on, $as_at) AS n ORDER BY id",
            [{"id": "c", "n": 31}, {"id": "d", "n": 31}],
        ),
        ("MATCH (r:Record)-[*1..1]->(p:Person) RETURN `p`.id AS id", [{"id": "c"}]),
        (
            "RETURN date('2020-06-01') AS day, toUpper('é') AS up, substring('abc', 0, 0) AS none_of_it",
            [{"day": D, "up": "É", "none_of_it": ""}],
        ),
    ],
)
def test_reading_works_alike_on_both_engines(session: Session, text: str, rows: list[dict[str, Any]]) -> None:
    answer = session.cypher(text, as_at=D)
    assert answer.rows == rows
    assert (answer.question, answer.text, answer.truncated) == ("cypher", text, False)
    assert "//" not in answer.cypher


def test_parameters_are_passed_never_spliced_and_all_are_needed(session: Session) -> None:
    text = "MATCH (p:Person) WHERE p.id = $id RETURN p.id AS id"
    assert session.cypher(text, {"id": "c"}).rows == [{"id": "c"}]
    assert session.cypher(text, {"id": "c' OR '1'='1"}).rows == []
    assert session.cypher("MATCH (p:Person) WHERE 1 < $n RETURN count(*) AS n", {"n": 2}).rows == [{"n": 2}]
    for given, told in (({}, r"\$id"), ({"id": None}, r"\$id"), ({"id": "c", "other": 1}, r"\$other")):
        with pytest.raises(Refused, match=told):
            session.cypher(text, given)


def test_two_columns_of_one_name_are_refused(session: Session) -> None:
    with pytest.raises(Refused):
        session.cypher("MATCH (p:Person) RETURN p.id AS x, p.born_on AS x")


def test_whole_nodes_come_as_their_properties(session: Session) -> None:
    node = session.cypher("MATCH (p:Person {id: 'c'}) RETURN p").rows[0]["p"]
    assert (node["label"], node["id"], node["born_on"]) == ("Person", "c", date(2015, 1, 1))


def test_rows_are_numbers_here_and_it_is_said_how_to_read_them(session: Session) -> None:
    said = session.cypher("MATCH ()-[a:ABOUT]->() RETURN max(a.row) AS row")
    assert isinstance(said.rows[0]["row"], int)
    assert any("nine for the line" in caveat for caveat in said.caveats)
    assert not any("nine for the line" in caveat for caveat in session.cypher("MATCH (p:Person) RETURN p.id AS id").caveats)


def test_more_rows_than_the_limit_are_cut_and_it_is_said(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(console, "LIMIT", 3)
    whole = session.cypher("UNWIND [1, 2, 3] AS n RETURN n")
    cut = session.cypher("UNWIND [1, 2, 3, 4] AS n RETURN n")
    assert (len(whole.rows), whole.truncated) == (3, False)
    assert (len(cut.rows), cut.truncated) == (3, True)
    assert any("more than the 3 rows" in caveat for caveat in cut.caveats)


def test_a_statement_that_does_not_end_is_stopped(
    publish_tables: Callable[[GraphTables], Store], generated: GraphTables, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(console, "TIMEOUT", 1.0)
    session = Session(publish_tables(generated))
    start = time.monotonic()
    with pytest.raises(NotAvailable, match="1 seconds"):
        session.cypher(
            "MATCH (a:Person), (b:Person), (c:Person), (d:Contact) WHERE a.id < b.id AND b.id < c.id AND c.id < d.id "
            "RETURN count(*) AS n, min(a.id) AS x, max(d.id) AS y"
        )
    assert time.monotonic() - start < 20
