"""Time every question with its defaults on one engine; with a workspace, the headline question in plain SQL as well.

Run by bench/run.py in a process of its own: `questions.py WORKSPACE [ENGINE-URL]`, JSON on stdout.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
from city import TODAY

from lastseen.queries.catalogue import catalogue
from lastseen.queries.session import open_session

ROUNDS = 3

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
    """Print {question: {seconds, rows, digest}} and, on the embedded engine, `plain SQL` and its rows."""
    report: dict[str, Any] = {}
    session = open_session(home, engine)
    for question in catalogue().values():
        seconds, answer = best(lambda name=question.name: session.ask(name, TODAY))
        digest = hashlib.sha256(json.dumps(answer.rows, default=str, sort_keys=True).encode()).hexdigest()[:12]
        report[question.name] = {"seconds": seconds, "rows": len(answer.rows), "digest": digest}
    if engine is None:
        report["plain SQL"] = sql(session.workspace.current_build().tables.directory)
    session.close()
    print(json.dumps(report))


def sql(tables: Path) -> dict[str, Any]:
    """Headline question (without freshness) in DuckDB SQL over the same graph tables, from Parquet."""
    text = NOT_SEEN_SQL.format(about=tables / "ABOUT.parquet", person=tables / "Person.parquet")
    with duckdb.connect() as connection:
        seconds, rows = best(lambda: connection.execute(text, {"d": TODAY}).fetchall())
    return {"seconds": seconds, "rows": len(rows)}


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
