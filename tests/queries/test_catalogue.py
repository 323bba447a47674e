"""The catalogue: what a question's file must say and may not, and a walk over every question there is."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lastseen.graph.errors import Refused
from lastseen.queries.catalogue import HERE, catalogue, find, parse, registers

HEADER = """// title: Title
// question: Which?
// population: children
// parameters:
//   level: {kind: int, default: 3, help: Level.}
// columns:
//   child: {kind: person, doc: The child.}
// caveats: [None that matter.]
"""
GOOD = "MATCH (c:Person)<-[a:ABOUT]-() WHERE child(c) AND known(a) AND a.level >= $level RETURN c.id AS child"


def test_a_whole_file_is_a_question() -> None:
    question = parse("q", "sight", HEADER + GOOD)
    assert (question.header.title, question.text) == ("Title", GOOD)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (GOOD.replace("c:Person", "c:Persom"), "no node Persom"),
        (GOOD.replace("ABOUT", "ABUOT"), "no edge ABUOT"),
        (GOOD.replace("a.level", "a.levle"), "no property levle"),
        (GOOD.replace("$level", "$levle"), "levle is not in the header"),
        (GOOD.replace("$level", "3"), "level is in the header and in no text"),
        (GOOD.replace("known(a) AND ", ""), "neither known"),
        (GOOD.replace("known(a)", "NOT known(a)"), "NOT known"),
        (GOOD.replace("AS child", "AS kid"), "it returns kid where the header has child"),
        (GOOD.replace("c.id AS", "toString(c.id) AS"), "toString"),
        (GOOD.replace("c.id AS", "type(a) AS"), "type"),
        (GOOD.replace("c.id AS", "duration.inDays(c.born_on, $as_at) AS"), "duration.inDays"),
        (GOOD.replace("c.id AS", "[x IN collect(c.id) | x] AS"), "neither a clause"),
        (GOOD.replace("c.id AS", "collect(c.id)[0] AS"), "count from 1"),
        (GOOD.replace("<-[a:ABOUT]-()", "<-[a]-()"), "edge without a type"),
        (GOOD.replace("(c:Person)", "(c)"), "node without a label"),
        (GOOD.replace(" RETURN", " CALL db.labels() YIELD label RETURN"), "neither a clause|not a function"),
        (GOOD.replace(" RETURN", " MATCH (c)<-[b:ABOUT]-() WHERE known(b) RETURN"), "WITH between"),
        (GOOD.replace(" RETURN", " WITH c ORDER BY c.id RETURN"), "needs a LIMIT"),
        (GOOD.replace("a.level >=", "a.source =~ 'x' AND a.level >="), "regular expressions"),
        (GOOD + ";", "no place in a question"),
        (
            GOOD.replace("child(c) AND", "EXISTS { MATCH (c)<-[b:ABOUT]-() WHERE known(b) AND b.occurred_on > c.born_on } AND"),
            "outside the subquery",
        ),
        (
            GOOD.replace(
                " RETURN", " WITH c, a.level AS was OPTIONAL MATCH (c)<-[b:ABOUT]-() WHERE known(b) AND b.level > was RETURN"
            ),
            "before the OPTIONAL MATCH",
        ),
        (
            GOOD.replace(
                "RETURN c.id AS child", "WITH c, count(DISTINCT a.key) AS n, max(a.level) AS m WHERE n > m RETURN c.id AS child"
            ),
            "after a DISTINCT",
        ),
        ("MATCH (k:Contact)-[:AT]->(:Address) WHERE k.kind = 'x' AND $level = 3 RETURN k.id AS child", "neither known"),
        ("MATCH (r:Record) WHERE r.name = 'x' AND $level = 3 RETURN r.id AS child", "neither known"),
        ("MATCH (c:Person WHERE $level = 3 RETURN c.id AS child", "never closed"),
        (GOOD.replace("known(a)", "known(a) AND a.source = 'it\\'s'"), "backslash"),
    ],
)
def test_a_text_that_an_engine_would_answer_wrongly_or_not_alike_is_refused(wrong: str, told: str) -> None:
    assert wrong != GOOD
    with pytest.raises(Refused, match=told):
        parse("q", "sight", HEADER + wrong)


@pytest.mark.parametrize("missing", ["title", "question", "population", "columns", "caveats"])
def test_a_header_without_what_every_answer_needs_is_refused(missing: str) -> None:
    lines = HEADER.splitlines(keepends=True)
    start = next(at for at, line in enumerate(lines) if line.startswith(f"// {missing}:"))
    end = next((at for at in range(start + 1, len(lines)) if not lines[at].startswith("//  ")), len(lines))
    with pytest.raises(Refused, match=missing):
        parse("q", "sight", "".join(lines[:start] + lines[end:]) + GOOD)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('// needs: {"0-4": [attendence]}', "attendence"),
        ('// needs: {"0-5": [attendance]}', "0-5"),
        ('// needs: {"0-4": [attendance]}', "band"),
        ("// helps: [nobody]", "nobody"),
        ("// sort: [days]", "days"),
        ("// sight: true", "seen"),
        ("// colour: red", "colour"),
        ("// signal: [", "YAML"),
    ],
)
def test_a_header_that_names_what_is_not_there_is_refused(line: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        parse("q", "sight", f"{HEADER}{line}\n{GOOD}")


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    for name in ("one", "two"):
        folder = tmp_path / name
        folder.mkdir()
        (folder / f"{name}.cypher").write_text(HEADER + GOOD.replace("Person", "Persom").replace("ABOUT", "ABUOT"))
    with pytest.raises(Refused) as refused:
        catalogue(tmp_path)
    for told in ("one/one.cypher", "two/two.cypher", "Persom", "ABUOT"):
        assert told in str(refused.value)


def test_an_unknown_question_is_refused_with_what_there_is() -> None:
    with pytest.raises(Refused, match="not_seen"):
        find("unseen")


@pytest.mark.parametrize("name", list(catalogue()))
def test_every_question_has_a_header_a_story_and_documented_columns(name: str) -> None:
    question = catalogue()[name]
    assert question.header.question.endswith("?")
    assert all(column.doc for column in question.header.columns.values())
    assert all(parameter.help for parameter in question.header.parameters.values())
    assert (Path(__file__).parent / question.theme / f"test_{name}.py").exists()
    assert (HERE / question.theme / f"{name}.cypher").exists()


def test_every_question_runs_with_its_defaults_alone(story: Any) -> None:
    story.child("c", date(2015, 1, 1), name="Tam")
    story.adult("mum", name="Joanne")
    story.parent("mum", "c")
    story.home("h")
    story.lives_at("c", "h", date(2015, 1, 1))
    story.all_fresh()
    session = story.asked()
    for name, question in catalogue().items():
        answer = session.ask(name, date(2020, 6, 1))
        shown = [column.name for column in answer.columns]
        assert shown[:1] == list(question.header.columns)[:1]
        assert all(list(row) == shown for row in answer.rows)
        assert answer.population is not None


def test_every_register_has_a_title_and_needs_name_only_such() -> None:
    assert all(register.title for register in registers().values())
    assert {"gp_list", "health_visiting", "attendance"} <= set(registers())
