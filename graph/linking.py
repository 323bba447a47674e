"""Joining records into people step by step: connected components that never break what is known to be two people.

Each step offers links between records. Components are found over all of them at once (scipy); only those that would join
people who must stay apart are looked at one by one, strongest links first, and a record that fits two such people equally
well is joined to neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

Labels = npt.NDArray[np.int64]


@dataclass
class Known:
    """What is known of a set of records: by it, two sets may be seen to be two people."""

    identifiers: dict[str, set[str]] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    members: set[int] = field(default_factory=set)

    def take(self, other: Known) -> None:
        for scheme, values in other.identifiers.items():
            self.identifiers[scheme] = self.identifiers.get(scheme, set()) | values
        self.names |= other.names
        self.members |= other.members


@dataclass(frozen=True)
class Apart:
    """What must stay apart: pairs of records (both ways), and which of identifiers and first names count."""

    pairs: Mapping[int, set[int]]
    schemes: tuple[str, ...]
    names: bool

    def conflict(self, a: Known, b: Known) -> str | None:
        """Why two sets of records can't be one person; None where nothing says so."""
        few, many = (a.members, b.members) if len(a.members) < len(b.members) else (b.members, a.members)
        if any(self.pairs[member] & many for member in few if member in self.pairs):
            return "stated to be two people"
        for scheme in self.schemes:
            one, two = a.identifiers.get(scheme), b.identifiers.get(scheme)
            if one and two and not one & two:
                return f"different {scheme} numbers"
        if self.names and not alike(a.names, b.names):
            return "different first names"
        return None


def alike(some: set[str], others: set[str]) -> bool:
    """May the bearers of these first names be one? A whole name in common; an initial tells only where a side has no more."""
    if not some or not others:
        return True
    whole, whole_others = {name for name in some if len(name) > 1}, {name for name in others if len(name) > 1}
    if whole and whole_others:
        return bool(whole & whole_others)
    return bool({name[0] for name in some} & {name[0] for name in others})


@dataclass(frozen=True)
class Joined:
    """The new labels, the links that were used (rows of what was offered), and those refused with `against`, the reason."""

    labels: Labels
    used: pd.DataFrame
    refused: pd.DataFrame


class Doubts(Protocol):
    """What a step asks about the records it would join."""

    def suspicious(self, labels: Labels, touched: Labels) -> set[int]:
        """Those of the `touched` labels under which something must stay apart."""

    def about(self, labels: Labels, touched: Labels) -> tuple[dict[int, Known], Apart]:
        """What is known of the `touched` labels, and what must stay apart."""


def join(labels: Labels, links: pd.DataFrame, doubts: Doubts) -> Joined:
    """Join records by `links` (columns a, b: positions in `labels`; score; why). A label is the smallest position joined.

    Deterministic for equal inputs, in whatever order the links come.
    """
    if links.empty:
        return Joined(labels, links, links.assign(against=""))
    links = links.assign(why=links["why"].astype("category"), x=labels[links["a"].to_numpy()], y=labels[links["b"].to_numpy()])
    links = links[links["x"] != links["y"]]
    links = links.assign(low=links[["x", "y"]].min(axis=1), high=links[["x", "y"]].max(axis=1))
    links = links.sort_values(["score", "low", "high", "why"], ascending=[False, True, True, True])
    links = links.drop_duplicates(["low", "high"]).reset_index(drop=True)
    whole = components(labels, links)
    doubted = doubts.suspicious(whole, np.unique(whole[links["low"].to_numpy()])) if len(links) else set()
    if not doubted:
        return Joined(whole, links, links.iloc[:0].assign(against=""))
    unsure = np.isin(whole[links["low"].to_numpy()], list(doubted))
    known, apart = doubts.about(labels, np.unique(links[unsure][["low", "high"]].to_numpy()))
    used, against = _one_by_one(links[unsure], apart, known)
    kept = pd.concat([links[~unsure], links[unsure][used]])
    refused = links[unsure][~used].assign(against=[why for why, taken in zip(against, used, strict=True) if not taken])
    return Joined(components(labels, kept), kept, refused)


def components(labels: Labels, links: pd.DataFrame) -> Labels:
    """The labels once every link has joined its two ends; each the smallest position of its component."""
    if links.empty:
        return labels
    size = len(labels)
    ends = labels[links["a"].to_numpy()], labels[links["b"].to_numpy()]
    edges = coo_matrix((np.ones(len(links), dtype=np.int8), ends), (size, size))
    _, part = connected_components(edges, directed=False)
    smallest = np.full(part.max() + 1, size, dtype=np.int64)
    np.minimum.at(smallest, part, np.arange(size))
    return np.asarray(smallest[part[labels]], dtype=np.int64)


def _one_by_one(links: pd.DataFrame, apart: Apart, known: dict[int, Known]) -> tuple[npt.NDArray[np.bool_], list[str]]:
    """Which links can be used, strongest first. Python's loop is over the few records in doubt."""
    root = {label: label for label in known}

    def find(label: int) -> int:
        while root[label] != label:
            root[label] = root[root[label]]
            label = root[label]
        return label

    used = np.zeros(len(links), dtype=bool)
    against = [""] * len(links)
    ends = list(zip(links["low"], links["high"], strict=True))
    for _, places in pd.Series(range(len(links))).groupby(-links["score"].to_numpy()):
        neighbours: defaultdict[int, set[int]] = defaultdict(set)
        for place in places:
            x, y = find(ends[place][0]), find(ends[place][1])
            if x != y and not apart.conflict(known[x], known[y]):
                neighbours[x].add(y)
                neighbours[y].add(x)
        torn = {
            (label, other)
            for label, others in neighbours.items() for other in others for third in others
            if other != third and apart.conflict(known[other], known[third])
        }  # fmt: skip
        start = {label: find(label) for place in places for label in ends[place]}
        for place in places:
            one, two = (start[end] for end in ends[place])
            x, y = find(one), find(two)
            if x == y:
                used[place] = True
            elif (one, two) in torn or (two, one) in torn:
                against[place] = "fits two people equally well"
            elif why := apart.conflict(known[x], known[y]):
                against[place] = why
            else:
                low, high = min(x, y), max(x, y)
                root[high] = low
                known[low].take(known[high])
                used[place] = True
    return used, against
