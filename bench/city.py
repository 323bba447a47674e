"""A made-up city's extract files, of any size: `python bench/city.py FOLDER --children 145000 [--attendance weekly]`.

Everybody is made up (see world.sql, extracts.sql). It is there to measure with, not to judge questions by: who is planted
and what the signals should find is another generator's business. DuckDB makes all rows; no loop here sees one.
"""

from __future__ import annotations

import argparse
import re
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

HERE = Path(__file__).parent
TODAY = date(2026, 7, 1)
# Mondays of school weeks: holidays are August, and the weeks about Christmas, Easter and each half term.
WEEKS = """
CREATE TABLE weeks AS SELECT monday FROM (
    SELECT DATE '2023-06-26' + 7 * CAST(range AS INTEGER) AS monday FROM range(158))
  WHERE month(monday) <> 8 AND NOT (month(monday) = 12 AND day(monday) >= 19) AND NOT (month(monday) = 7 AND day(monday) >= 20)
    AND NOT (month(monday) = 10 AND day(monday) BETWEEN 23 AND 29) AND NOT (month(monday) = 2 AND day(monday) BETWEEN 12 AND 18)
    AND NOT (month(monday) = 4 AND day(monday) < 15) AND NOT (month(monday) = 5 AND day(monday) >= 25);
"""
ONE_A_MONTH = "DELETE FROM weeks WHERE monday NOT IN (SELECT max(monday) FROM weeks GROUP BY date_trunc('month', monday))"


@dataclass(frozen=True)
class Extract:
    """One entry of extracts.sql: file name, title lines, days before today to write one file each for, query."""

    name: str
    titles: list[str]
    days: list[int]
    query: str


def extracts() -> Iterator[Extract]:
    for part in (HERE / "extracts.sql").read_text().split("-- file: ")[1:]:
        name, text = part.split("\n", 1)
        titles = re.findall(r"^-- title: (.*)$", text, re.MULTILINE)
        days = re.findall(r"^-- days: (.*)$", text, re.MULTILINE)
        query = re.sub(r"^--.*$", "", text, flags=re.MULTILINE).strip()
        yield Extract(name.strip(), titles, [int(day) for day in days[0].split()] if days else [], query)


def write(connection: duckdb.DuckDBPyConnection, extract: Extract, day: date, path: Path) -> None:
    """One file: title lines, then DuckDB's CSV."""
    now = "CREATE OR REPLACE TABLE now AS SELECT $1::DATE AS day, $2::DATE AS today, $2::DATE - 1460 AS begin"
    connection.execute(now, [day, TODAY])
    body = path.with_suffix(".part")
    connection.execute(f"COPY ({extract.query}) TO '{body}' (FORMAT csv, HEADER)")
    with path.open("wb") as whole:
        whole.write("".join(f'"{title}"\n' for title in extract.titles).encode())
        with body.open("rb") as rows:
            shutil.copyfileobj(rows, whole)
    body.unlink()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--children", type=int, default=145_000)
    parser.add_argument("--attendance", choices=("monthly", "weekly"), default="monthly", help="rows a child has")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    started = time.perf_counter()
    with duckdb.connect() as connection:
        connection.execute("SET VARIABLE children = $1", [options.children])
        connection.execute("SET VARIABLE today = $1::DATE", [TODAY])
        connection.execute((HERE / "world.sql").read_text())
        connection.execute(WEEKS)
        if options.attendance == "monthly":
            connection.execute(ONE_A_MONTH)
        for extract in extracts():
            for ago in extract.days or [0]:
                day = TODAY - timedelta(days=ago)
                stem = f"{extract.name}_{day.isoformat()}" if extract.days else extract.name
                write(connection, extract, day, options.folder / f"{stem}_fictional.csv")
        counted = connection.execute("SELECT (SELECT count(*) FROM families), (SELECT count(*) FROM people)").fetchone()
    files = sorted(options.folder.glob("*.csv"))
    size = sum(path.stat().st_size for path in files) / 2**20
    print(f"{options.children} children in {counted[0] if counted else 0} families, {counted[1] if counted else 0} people; "
          f"{len(files)} extract files, {size:.0f} MiB, written in {time.perf_counter() - started:.0f} s")


if __name__ == "__main__":
    main()
