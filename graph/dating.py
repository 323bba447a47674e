"""When a source knew a thing: the extracts of each source and scope in order, and the rules of `known_on` as SQL.

The rules (design section 1), in this order: the row's own recorded date; else the extract's date, where an earlier extract
of that source and scope covered the day and lacked the row (a late row); else, for history loaded at once, the day plus the
source's stated lag. Never after the extract date. The order of loading plays no part: only extract dates do.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import duckdb
import pyarrow as pa

from lastseen.graph.loads import Load

_ERA = date(1, 1, 1)

EXTRACTS = pa.schema([
    ("id", pa.int64()), ("load", pa.int64()), ("source", pa.string()), ("scope", pa.string()), ("shape", pa.string()),
    ("lag", pa.int32()),
    ("extract_date", pa.date32()), ("covers_from", pa.date32()), ("covers_to", pa.date32()), ("seq", pa.int64()),
    ("of", pa.int64()),
    ("before", pa.date32()), ("after", pa.date32()), ("told_from", pa.date32()), ("told_to", pa.date32()),
    ("untold", pa.list_(pa.struct([("first", pa.date32()), ("last", pa.date32())]))),
])  # fmt: skip
"""One row a load and scope: `seq` counts the `of` extracts of a source and scope by date, `before` and `after` are
their neighbours' dates; `told_from` to `told_to` is what earlier ones covered, except the spans in `untold`."""

MACROS = (
    # did an earlier extract cover this day?
    "CREATE OR REPLACE MACRO told(day, told_from, told_to, untold) AS coalesce(day BETWEEN told_from AND told_to AND "
    "(untold IS NULL OR len(list_filter(untold, lambda span: day BETWEEN span.first AND span.last)) = 0), false)",
    # the first word of a fact: recorded, late, or history at once
    "CREATE OR REPLACE MACRO knew(recorded, day, lag, extract_date, late) AS CASE "
    "WHEN recorded IS NOT NULL THEN least(recorded, extract_date) "
    "WHEN day IS NULL OR late THEN extract_date ELSE least(day + lag, extract_date) END",
    # news of an extract that changes what the one of `before` said: never known before that one spoke
    "CREATE OR REPLACE MACRO changed(recorded, extract_date, before) AS "
    "CASE WHEN recorded > before THEN least(recorded, extract_date) ELSE extract_date END",
)


def add_extracts(connection: duckdb.DuckDBPyConnection, loads: Sequence[Load], scopes: Mapping[int, Iterable[str]]) -> None:
    """Make the table `extracts` and the macros `told`, `knew`, `changed`; `scopes` are the scopes seen in a load's rows."""
    series: defaultdict[tuple[str, str], list[Load]] = defaultdict(list)
    for load in loads:
        for scope in {*load.scopes, *scopes.get(load.n, ())}:
            series[load.source, scope].append(load)
    rows: list[dict[str, object]] = []
    for (source, scope), extracts in sorted(series.items()):
        extracts.sort(key=lambda load: (load.extract_date, load.n))
        for place, load in enumerate(extracts):
            earlier = [_covered(other) for other in extracts[:place] if other.extract_date < load.extract_date]
            told_from, told_to, untold = _merge([span for span in earlier if span])
            rows.append({
                "id": len(rows), "load": load.n, "source": source, "scope": scope, "shape": load.shape, "lag": load.lag,
                "extract_date": load.extract_date, "covers_from": load.covers_from, "covers_to": load.covers_to,
                "seq": place + 1, "of": len(extracts), "before": extracts[place - 1].extract_date if place else None,
                "after": extracts[place + 1].extract_date if place + 1 < len(extracts) else None,
                "told_from": told_from, "told_to": told_to, "untold": untold or None,
            })  # fmt: skip
    table = pa.Table.from_pylist(rows, schema=EXTRACTS)
    connection.register("extracts_given", table)
    connection.execute("CREATE OR REPLACE TABLE extracts AS SELECT * FROM extracts_given")
    connection.unregister("extracts_given")
    for macro in MACROS:
        connection.execute(macro)


def _covered(load: Load) -> tuple[date, date] | None:
    """The days an extract speaks for. A snapshot tells all until its date; an event extract only what it says it covers."""
    if load.shape == "snapshot":
        return _ERA, load.extract_date
    if load.covers_from is None and load.covers_to is None:
        return None
    return load.covers_from or _ERA, load.covers_to or load.extract_date


def _merge(spans: list[tuple[date, date]]) -> tuple[date | None, date | None, list[dict[str, date]]]:
    """First and last day that any span covers, and the spans between that none does."""
    if not spans:
        return None, None, []
    spans = sorted(spans)
    first, last = spans[0]
    untold = []
    for start, end in spans[1:]:
        if start > last + timedelta(days=1):
            untold.append({"first": last + timedelta(days=1), "last": start - timedelta(days=1)})
        last = max(last, end)
    return first, last, untold
