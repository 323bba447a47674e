"""A finding that can be argued with: the facts for it, the facts against, what would clear it, and who decided what.

Facts are rows of sources, each in words; what is not loaded stands beside them, since it may be the whole explanation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from lastseen.graph.schema import SEEN
from lastseen.queries.answer import in_words
from lastseen.queries.catalogue import Header, find, registers
from lastseen.queries.facts import Told, facts
from lastseen.queries.findings import sentences
from lastseen.queries.freshness import loads, stale_registers
from lastseen.queries.labelling import names
from lastseen.queries.worklist import Item

if TYPE_CHECKING:
    from lastseen.queries.session import Session


@dataclass(frozen=True)
class Fact:
    """One row of a source in words; `row` is 'load:file:line'."""

    row: str
    text: str
    disputed: bool = False


@dataclass(frozen=True)
class Argued:
    """One finding with everything a person needs to agree or to disagree with it."""

    item: Item
    sentence: str
    facts_for: list[Fact]
    facts_against: list[Fact]
    clears: str
    rule_out: tuple[str, ...]
    check: tuple[str, ...]
    missing: list[str]


@dataclass(frozen=True)
class Findings:
    """One child's findings as at a day; `cannot_tell` are the sentences of those a stale or missing register could explain."""

    child: str
    name: str
    as_at: date
    findings: list[Argued]
    cannot_tell: list[str]

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"signal": one.item.finding.signal, "since": one.item.finding.since, "sentence": one.sentence,
             "status": one.item.word, "rows": list(one.item.finding.rows)}
            for one in self.findings
        ]  # fmt: skip

    def to_dict(self) -> dict[str, Any]:
        return {
            "child": self.child, "child_name": self.name, "as_at": self.as_at, "cannot_tell": self.cannot_tell,
            "findings": [
                {
                    **row, "title": one.item.finding.title, "duty": one.item.finding.duty, "days": one.item.days,
                    "known_on": one.item.finding.known_on, "silent": list(one.item.silent),
                    "facts_for": [vars(fact) for fact in one.facts_for],
                    "facts_against": [vars(fact) for fact in one.facts_against], "clears": one.clears,
                    "rule_out": list(one.rule_out), "check": list(one.check), "not_loaded_or_late": one.missing,
                    "decided": [vars(entry) for entry in one.item.decided],
                }
                for row, one in zip(self.rows(), self.findings, strict=True)
            ],
        }  # fmt: skip

    def text(self) -> str:
        """For reading on a terminal."""
        parts = [f"{self.name}: {len(self.findings)} findings as at {in_words(self.as_at)}.\n"]
        parts += [_told(one) for one in self.findings]
        parts += [f"Cannot tell: {sentence}\n" for sentence in self.cannot_tell]
        return "\n".join(parts)


def argued(session: Session, child: str, as_at: date) -> Findings:
    """Every finding of one child (a person's id), open or decided, with its facts."""
    store = session.store
    whole = session.worklist(as_at, child=child)
    told = sentences(store, [item.finding for item in whole.items], as_at)
    blind = sentences(store, whole.cannot_tell, as_at)
    known = facts(store, child, as_at)
    stale = stale_registers(loads(store), as_at)
    texts: dict[str, str] = {}
    for one in known:
        texts[one.row] = f"{texts[one.row]}; {one.text}" if one.row in texts else one.text
    found = [
        _argued(item, sentence, known, texts, stale, as_at)
        for item, sentence in zip(whole.items, told, strict=True)
    ]
    return Findings(child, names(store, [child], as_at)[child], as_at, found, blind)


def _argued(
    item: Item, sentence: str, known: Sequence[Told], texts: Mapping[str, str], stale: Collection[str], as_at: date
) -> Argued:
    finding = item.finding
    header = find(finding.name).header
    since = as_at - timedelta(days=finding.window)
    against = sorted({
        one.row for one in known if one.level is not None and one.level >= SEEN and one.on and one.on > since
    } - set(finding.rows))  # fmt: skip
    return Argued(
        item, sentence, [Fact(row, texts.get(row, ""), row in item.disputed) for row in finding.rows],
        [Fact(row, texts[row]) for row in against], header.clears, header.rule_out, header.check,
        _missing(header, stale),
    )  # fmt: skip


def _missing(header: Header, stale: Collection[str]) -> list[str]:
    """Titles of the registers that could change this finding and are late or were never loaded."""
    return [registers()[name].title for name in dict.fromkeys((*header.registers_needed, *header.helps)) if name in stale]


def _told(one: Argued) -> str:
    finding = one.item.finding
    duty = " (hard duty)" if finding.duty == "hard" else ""
    lines = [
        f"{finding.signal} {finding.title}{duty}, since {in_words(finding.since)}", f"  {one.sentence}", "  For:",
        *(_line(fact) for fact in one.facts_for),
        "  Against:", *([_line(fact) for fact in one.facts_against] or ["    no sighting in the signal's window"]),
        f"  Would clear it: {one.clears}", f"  Rule out: {'; '.join(one.rule_out)}", f"  Check: {'; '.join(one.check)}",
        *([f"  Late or not loaded: {', '.join(one.missing)}"] if one.missing else []),
        *(f"  {in_words(entry.as_at)}: {entry.action} by {entry.by}: {entry.reason}" for entry in one.item.decided),
    ]  # fmt: skip
    return "\n".join(lines) + "\n"


def _line(fact: Fact) -> str:
    return f"    {fact.text or 'a row about the family'} [{fact.row}]{' DISPUTED' if fact.disputed else ''}"
