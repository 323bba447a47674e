"""Tidied forms of names, identifiers, lines and postcodes: what is compared, while what was written is kept.

Said once as DuckDB macros, so that millions of rows are tidied by column; the functions of the same names give one text's
form (for search boxes) by running the same macro, so the two can't drift apart.
"""

from __future__ import annotations

import functools
import threading

import duckdb
import jellyfish

_NO_NAME = (
    "unknown", "unnamed", "not known", "not given", "not stated", "no name", "none", "nk", "n k", "tbc", "tba", "anon",
    "anonymous", "ssd ph", "null", "nil", "xx", "xxx", "redacted", "withheld",
)  # fmt: skip
_NOBODY_YET = (
    "baby", "babe", "infant", "newborn", "neonate", "unborn", "child", "twin", "triplet", "boy", "girl", "male", "female",
    "mother", "father", "mum", "dad", "mr", "mrs", "miss", "ms", "test", "na", "n a",
)  # fmt: skip
"""Tidied words that name nobody as a given name, alone or first (INFANT OF, TWIN 1); as surnames some are real (Child)."""

_ROADS = {
    "st": "street", "rd": "road", "ave": "avenue", "av": "avenue", "ln": "lane", "dr": "drive", "cl": "close", "ct": "court",
    "cres": "crescent", "cresc": "crescent", "gdns": "gardens", "gdn": "garden", "gr": "grove", "pl": "place", "sq": "square",
    "ter": "terrace", "terr": "terrace", "wy": "way", "pk": "park",
}  # fmt: skip


def _roads(text: str) -> str:
    for short, whole in _ROADS.items():
        text = f"regexp_replace({text}, ' {short}$', ' {whole}')"
    return text


def _listed(names: tuple[str, ...]) -> str:
    return "(" + ", ".join(f"'{name}'" for name in names) + ")"


_PLAIN = r"regexp_replace(lower(strip_accents(x)), '[''’‘`´]', '', 'g')"

MACROS = (
    rf"CREATE OR REPLACE MACRO tidy_name(x) AS nullif(trim(regexp_replace({_PLAIN}, '[^\p{{L}}]+', ' ', 'g')), '')",
    # a placeholder names nobody: null, so that it never equals another
    f"CREATE OR REPLACE MACRO real_given(k) AS CASE WHEN k IN {_listed(_NO_NAME + _NOBODY_YET)} "
    f"OR split_part(k, ' ', 1) IN {_listed(_NO_NAME + _NOBODY_YET)} THEN NULL ELSE k END",
    f"CREATE OR REPLACE MACRO real_family(k) AS CASE WHEN k IN {_listed(_NO_NAME)} THEN NULL ELSE k END",
    rf"CREATE OR REPLACE MACRO plain_line(x) AS nullif(trim(regexp_replace({_PLAIN}, '[^\p{{L}}\p{{N}}]+', ' ', 'g')), '')",
    f"CREATE OR REPLACE MACRO tidy_line(x) AS {_roads('plain_line(x)')}",
    "CREATE OR REPLACE MACRO bare_postcode(x) AS nullif(regexp_replace(upper(x), '[^A-Z0-9]', '', 'g'), '')",
    "CREATE OR REPLACE MACRO tidy_postcode(x) AS CASE WHEN length(bare_postcode(x)) BETWEEN 5 AND 7 THEN "
    "left(bare_postcode(x), -3) || ' ' || right(bare_postcode(x), 3) ELSE bare_postcode(x) END",
    r"CREATE OR REPLACE MACRO tidy_uprn(x) AS nullif(regexp_extract(trim(x), '^0*([1-9]\d{1,11})(\.0)?$', 1), '')",
    # letters and digits of an identifier; null where it is a placeholder, which links nothing
    "CREATE OR REPLACE MACRO bare_identifier(x) AS "
    "regexp_replace(upper(regexp_replace(trim(x), '\\.0$', '')), '[^A-Z0-9-]', '', 'g')",
    "CREATE OR REPLACE MACRO tidy_identifier(x) AS CASE WHEN x IS NULL OR bare_identifier(x) IN ('', 'NULL', 'NONE', "
    "'UNKNOWN', 'NK', 'NA', 'NOTKNOWN', 'TBC', 'SSDPH', 'TEST', 'ERROR') "
    "OR regexp_matches(bare_identifier(x), '^-?(0*1?|9+|X+|-+)$') OR starts_with(trim(x), '#') "
    "OR starts_with(bare_identifier(x), '-') THEN NULL "
    "ELSE replace(bare_identifier(x), '-', '') END",
)


def add_macros(connection: duckdb.DuckDBPyConnection) -> None:
    """Teach a DuckDB connection the tidied forms."""
    for macro in MACROS:
        connection.execute(macro)


_local = threading.local()


def _one(macro: str, text: str) -> str:
    if not hasattr(_local, "connection"):
        _local.connection = duckdb.connect(":memory:", config={"threads": 1})
        add_macros(_local.connection)
    found = _local.connection.execute(f"SELECT {macro}(?::VARCHAR)", [text]).fetchone()
    return (found[0] if found else None) or ""


def tidy_name(text: str) -> str:
    """A name in lower case, without accents and apostrophes, letters only, single spaces ('' where nothing is left)."""
    return _one("tidy_name", text)


def tidy_line(text: str) -> str:
    """A first line of an address for comparing: as a name, with digits kept and a last 'rd' written 'road'."""
    return _one("tidy_line", text)


def tidy_postcode(text: str) -> str:
    """A postcode in capitals with one space."""
    return _one("tidy_postcode", text)


@functools.lru_cache(maxsize=200_000)
def word_sound(word: str) -> str:
    """How one tidied word sounds (metaphone, lower case); the word itself where that gives nothing."""
    # metaphone hears the y of Sofya and the last e of Marlowe, which Sofia and Marlow lack
    return jellyfish.metaphone(word.replace("y", "i").rstrip("e")).replace(" ", "").lower() or word


def sound_key(text: str) -> str:
    """How a name sounds, word by word: 'Tam Marlowe' and 'tamm marlow' give the same."""
    return " ".join(word_sound(word) for word in tidy_name(text).split())
