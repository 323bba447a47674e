"""Whose addresses are withheld, by whichever source states them (always as known today).

A source withholds a person's addresses by restricting the record, or by an identifier of the scheme `WITHHELD`, whose value is
the NHS number: the NHS's sensitive records name nobody's address, phone or practice, and another register's copy of the address
would tell what was taken out. So the number counts, whoever was found to be who; and all records of a person with such a one.
"""

from __future__ import annotations

import duckdb

WITHHELD = "withheld_nhs"


def make_withheld(connection: duckdb.DuckDBPyConnection) -> bool:
    """Make `withheld` (record, source, person: the source's own id) once people are resolved; true where there is anybody."""
    connection.execute(f"""
        CREATE OR REPLACE TABLE withheld AS
        WITH number AS (
            SELECT tidied FROM record_identifiers WHERE scheme = '{WITHHELD}' AND tidied IS NOT NULL
            UNION
            SELECT tidied FROM record_identifiers JOIN source_people USING (record)
            WHERE restricted AND scheme = 'nhs' AND tidied IS NOT NULL
        ), said AS (
            SELECT record FROM source_people WHERE restricted
            UNION
            SELECT record FROM record_identifiers WHERE scheme IN ('nhs', '{WITHHELD}') AND tidied IN (FROM number)
        )
        SELECT record, p.source, p.own AS person FROM identified i JOIN source_people p USING (record)
        WHERE i.person IN (SELECT person FROM identified SEMI JOIN said USING (record))
    """)
    return connection.execute("SELECT 1 FROM withheld LIMIT 1").fetchone() is not None
