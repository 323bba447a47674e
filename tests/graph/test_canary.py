"""The case in which Ladybug 0.21.0 to 0.22.0 lose rows in silence: a filtered edge and a filtered node, then another hop.

Run on the installed version, beside the count worked out in Python: if a new version is ever pinned, this sings first.
"""

import random
from pathlib import Path

import ladybug
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PEOPLE, PLACES = 1_000, 50
UNGUARDED = "MATCH (c:C)-[a:AB]->(p:P) WHERE p.age < 18 AND a.level < 3 MATCH (c)-[:AT]->(h:H) RETURN count(*)"
GUARDED = "MATCH (c:C)-[a:AB]->(p:P) WHERE p.age < 18 AND a.level < 3 WITH c, a, p MATCH (c)-[:AT]->(h:H) RETURN count(*)"


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("contacts", [2_000, 20_000])
def test_a_hop_after_a_filtered_edge_and_a_filtered_node_loses_no_row(tmp_path: Path, seed: int, contacts: int) -> None:
    chance = random.Random(seed)
    ages = [chance.randrange(60) for _ in range(PEOPLE)]
    about = [(contact, chance.randrange(PEOPLE), chance.randrange(6)) for contact in range(contacts)]
    at = [(contact, chance.randrange(PLACES)) for contact in range(contacts) if chance.random() < 0.6]
    tables = {
        "P": pa.table({"id": [f"p{i}" for i in range(PEOPLE)], "age": ages}),
        "C": pa.table({"id": [f"c{i}" for i in range(contacts)]}),
        "H": pa.table({"id": [f"h{i}" for i in range(PLACES)]}),
        "AB": pa.table({
            "from": [f"c{c}" for c, _, _ in about], "to": [f"p{p}" for _, p, _ in about], "level": [lev for _, _, lev in about],
        }),
        "AT": pa.table({"from": [f"c{c}" for c, _ in at], "to": [f"h{h}" for _, h in at]}),
    }
    database = ladybug.Database(str(tmp_path / "canary"), max_db_size=1 << 32, buffer_pool_size=1 << 28)
    connection = ladybug.Connection(database)
    for statement in (
        "CREATE NODE TABLE P(id STRING PRIMARY KEY, age INT64)", "CREATE NODE TABLE C(id STRING PRIMARY KEY)",
        "CREATE NODE TABLE H(id STRING PRIMARY KEY)", "CREATE REL TABLE AB(FROM C TO P, level INT64)",
        "CREATE REL TABLE AT(FROM C TO H)",
    ):
        connection.execute(statement)
    for name, table in tables.items():
        pq.write_table(table, tmp_path / f"{name}.parquet")
        connection.execute(f"COPY {name} FROM '{tmp_path / name}.parquet'")

    placed = {contact for contact, _ in at}  # at most one place a contact
    wanted = sum(ages[person] < 18 and level < 3 and contact in placed for contact, person, level in about)
    assert connection.execute(UNGUARDED).get_all() == [[wanted]]
    assert connection.execute(GUARDED).get_all() == [[wanted]]
    connection.close()
    database.close()
