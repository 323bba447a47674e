"""A row of the question `seen_soonest` as a dated sentence, for a page or a note."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lastseen.graph.schema import CONTACT_KINDS, SEEN
from lastseen.queries.answer import in_words

RELATION = {
    "the child": "", "parent": "parent", "sibling": "brother or sister", "stated sibling": "stated brother or sister",
    "household": "living at the same home",
}  # fmt: skip


def told(row: Mapping[str, Any]) -> str:
    """'M. Hill, class teacher, Larch Valley School saw Ellis Tennant (brother or sister) on 20 June 2020: clinic.'"""
    who = ", ".join(part for part in (row["worker"], row["role"] if row["worker"] else None, row["agency"]) if part)
    relation = RELATION[row["tie"]]
    if row["tie"] == "household" and row["place_name"]:
        relation += f", {row['place_name']}, since {in_words(row['tie_since'])}"
    whom = f"{row['met_name']} ({relation})" if relation else str(row["met_name"])
    kind = CONTACT_KINDS[row["kind"]].label if row["kind"] in CONTACT_KINDS else "contact"
    adult = "was in touch with" if row["tie"] in ("parent", "household") else "was in touch with an adult about"
    met = "saw" if row["level"] >= SEEN else "saw or heard from a distance" if row["level"] > 1 else adult
    return f"{who} {met} {whom} on {in_words(row['met_on'])}: {kind}."
