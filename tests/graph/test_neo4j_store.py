"""The server: reached with credentials from the environment only, and every way of not reaching it in plain words."""

import logging
import socket

import pytest

from lastseen.graph.errors import NotAvailable, Refused
from lastseen.graph.neo4j_server import connect, server
from lastseen.graph.neo4j_store import Neo4jStore


def nobody() -> str:
    """A loopback address on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"bolt://127.0.0.1:{probe.getsockname()[1]}"


@pytest.mark.parametrize("url", ["bolt://neo4j:geheim@127.0.0.1:7687", "neo4j+s://:geheim@graph.example"])
def test_a_password_in_the_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(Refused, match="NEO4J_PASSWORD") as caught:
        server(url)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://127.0.0.1:7474", "127.0.0.1", "bolt://", "", "bolt+x://h"])
def test_what_is_not_an_address_is_refused(url: str) -> None:
    with pytest.raises(Refused, match="address"):
        Neo4jStore(url)


@pytest.mark.parametrize("url", ["bolt://h", "bolt+s://h:1", "neo4j://h", "neo4j+ssc://h"])
def test_direct_and_cluster_addresses_are_taken(url: str) -> None:
    assert server(url).url == url


def test_a_server_that_is_away_is_not_available() -> None:
    with pytest.raises(NotAvailable, match="can't be reached") as caught:
        Neo4jStore(nobody())
    assert caught.value.exit_code == 3


@pytest.mark.neo4j
def test_a_wrong_password_is_not_available_and_in_no_log(
    clean_neo4j: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NEO4J_PASSWORD", "a-wrong-secret")
    with caplog.at_level(logging.DEBUG), pytest.raises(NotAvailable, match="NEO4J_PASSWORD") as caught:
        Neo4jStore(clean_neo4j)
    assert "a-wrong-secret" not in str(caught.value) + caplog.text


@pytest.mark.neo4j
def test_no_password_says_which_variables_to_set(clean_neo4j: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEO4J_PASSWORD")
    with pytest.raises(NotAvailable, match="NEO4J_USER and NEO4J_PASSWORD"):
        Neo4jStore(clean_neo4j)


@pytest.mark.neo4j
def test_a_database_that_is_not_there_is_said(clean_neo4j: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEO4J_DATABASE", "elsewhere")
    with pytest.raises(NotAvailable, match="NEO4J_DATABASE"):
        Neo4jStore(clean_neo4j)


@pytest.mark.neo4j
def test_a_server_with_nothing_published_does_not_pass_for_an_empty_graph(clean_neo4j: str) -> None:
    store = Neo4jStore(clean_neo4j)
    with pytest.raises(NotAvailable, match="lastseen publish"):
        store.marker()
    store.close()


@pytest.mark.neo4j
def test_a_routing_address_answers_too(clean_neo4j: str) -> None:
    routed = "neo4j" + clean_neo4j.removeprefix(clean_neo4j.split(":")[0])
    with connect(server(routed)) as driver:
        driver.execute_query("CREATE (:Person {id: 'x', adult_on: date('2020-01-01')})")
    store = Neo4jStore(routed)
    assert store.run("MATCH (p:Person) RETURN p.id, p.adult_on").rows[0][0] == "x"
    assert store.engine.startswith("Neo4j 5.26")
    store.close()


@pytest.mark.neo4j
def test_a_large_answer_is_streamed_and_cut(clean_neo4j: str) -> None:
    store = Neo4jStore(clean_neo4j)
    answer = store.run("UNWIND range(1, 100000000) AS n RETURN n", limit=10, timeout=20)
    assert [row[0] for row in answer.rows] == list(range(1, 11))
    assert answer.truncated
    store.close()
