"""Time every question with its defaults on one engine; with a workspace, the headline question in plain SQL as well.

Run by bench/run.py in a process of its own: `questions.py WORKSPACE [ENGINE-URL]`, JSON on stdout.
"""

from __future__ import annotations

import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from city import TODAY

from lastseen.graph.errors import LastseenError
from lastseen.queries.catalogue import catalogue
from lastseen.queries.findings import Finding, evaluate
from lastseen.queries.session import open_session

ROUNDS = 2
CHILDREN = 20
"""Children whose own findings are timed, spread over the population."""

NOT_SEEN_SQL = """
WITH facts AS (SELECT "to" AS child, max(occurred_on) AS last_on FROM read_parquet('{about}')
    WHERE level >= 3 AND known_on <= $d AND occurred_on <= $d AND (withdrawn_on IS NULL OR withdrawn_on > $d) GROUP BY "to")
SELECT p.id, greatest(coalesce(last_on, p.born_on, p.first_known_on), coalesce(p.born_on, p.first_known_on)) AS since
FROM read_parquet('{person}') p LEFT JOIN facts ON facts.child = p.id
WHERE p.child_from <= $d AND (p.child_until IS NULL OR p.child_until > $d) AND p.born_on <= $d
  AND date_diff('day', since, $d) > 365
"""


def best(work: Callable[[], Any]) -> tuple[float, Any]:
    """The quickest of a few runs in seconds, and the last result."""
    seconds, result = [], None
    for _ in range(ROUNDS):
        started = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - started)
    return min(seconds), result


def main(home: str, engine: str | None) -> None:
    """Print {question: {seconds, rows, digest}}, the worklist and one child's findings likewise and, on the embedded engine,
    `plain SQL` and its rows. What fails is told by its error's class, and the rest goes on."""
    report: dict[str, Any] = {}
    session = open_session(home, engine)
    for question in catalogue().values():
        report[question.name] = timed(lambda name=question.name: session.ask(name, TODAY).rows)
    report["all signals"] = timed(lambda: [finding_row(one) for one in evaluate(session.store, TODAY)])
    report["worklist, first page"] = timed(lambda: [
        finding_row(item.finding) for item in session.worklist(TODAY).page(session.store).items
    ])  # fmt: skip
    children = sorted(row["child"] for row in session.ask("never_seen", TODAY, level=5).rows)
    for child in children[:: max(1, len(children) // CHILDREN)][:CHILDREN]:
        one = timed(lambda child=child: [finding_row(found) for found in evaluate(session.store, TODAY, child=child)])
        report.setdefault("findings of one child", []).append(one)
    if engine is None:
        report["plain SQL"] = sql(session.workspace.current_build().tables.directory)
    session.close()
    several = report.pop("findings of one child", [])
    report["findings of one child (median)"] = {
        "seconds": statistics.median(one["seconds"] for one in several), "rows": sum(one["rows"] for one in several),
        "digest": "-".join(one["digest"] for one in several),
    } if several else {"seconds": 0.0, "rows": 0, "digest": ""}  # fmt: skip
    print(json.dumps(report))


def timed(work: Callable[[], list[Any]]) -> dict[str, Any]:
    """Seconds of the quickest round, the number of rows and their hash; or the class of the error."""
    try:
        seconds, rows = best(work)
    except LastseenError as error:
        return {"seconds": float("nan"), "rows": 0, "digest": "", "failed": type(error).__name__}
    digest = hashlib.sha256(json.dumps(rows, default=str, sort_keys=True).encode()).hexdigest()[:12]
    return {"seconds": seconds, "rows": len(rows), "digest": digest}


def finding_row(finding: Finding) -> list[Any]:
    return [finding.signal, finding.child, finding.since, finding.known_on, finding.rows, finding.cannot_tell]


def sql(tables: Path) -> dict[str, Any]:
    """Headline question (without freshness) in DuckDB SQL over the same graph tables, from Parquet."""
    text = NOT_SEEN_SQL.format(about=tables / "ABOUT.parquet", person=tables / "Person.parquet")
    with duckdb.connect() as connection:
        seconds, rows = best(lambda: connection.execute(text, {"d": TODAY}).fetchall())
    return {"seconds": seconds, "rows": len(rows)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
