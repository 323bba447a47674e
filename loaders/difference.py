"""What a load says that another does not: rows in and out of each record table, wherever they stand in their files."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from lastseen.graph.archive import Load
from lastseen.graph.duck import connect, quoted
from lastseen.graph.records import TABLES


@dataclass(frozen=True)
class Difference:
    """Record table → (rows only in the old load, rows only in the new one); tables that are equal are left out."""

    tables: dict[str, tuple[int, int]] = field(default_factory=dict)

    def __str__(self) -> str:
        if not self.tables:
            return "the two say the same"
        told = (f"{table} {gone} gone and {new} new" for table, (gone, new) in self.tables.items())
        return f"the difference in rows: {', '.join(told)}"


def difference(old: Load, new: Load) -> Difference:
    """Compare two loads' records, file and line aside."""
    with tempfile.TemporaryDirectory(dir=new.directory) as work:
        connection = connect(Path(work), memory="1GB")
        found = {}
        for table, schema in TABLES.items():
            columns = ", ".join(name for name in schema.names if name not in ("file", "line"))
            sides = [f"SELECT {columns} FROM read_parquet({quoted(load.table(table))})" if table in load.tables else
                     f"SELECT {columns} FROM (SELECT {', '.join(f'NULL AS {name}' for name in schema.names)}) WHERE false"
                     for load in (old, new)]
            if table in old.tables or table in new.tables:
                counts = [connection.execute(f"SELECT count(*) FROM (({a}) EXCEPT ALL ({b}))").fetchone()
                          for a, b in (sides, sides[::-1])]
                gone, come = (int(row[0]) if row else 0 for row in counts)
                if gone or come:
                    found[table] = (gone, come)
        connection.close()
    return Difference(found)
