"""What should have happened by which age: `expected_contacts.yaml`, read and checked."""

from __future__ import annotations

import functools
from datetime import date
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator

from lastseen.graph.errors import Refused
from lastseen.graph.schema import AGE_BANDS, AGENCY_KINDS, CONTACT_KINDS, REGISTERS
from lastseen.queries.catalogue import registers

HERE = Path(__file__).parent

Start = Literal[
    "pregnancy", "due_date", "birth", "known", "left_gp", "early_years", "application", "reception", "school", "on_roll",
    "left_roll", "sixteen", "home_education", "cin", "cp", "cla", "placement", "s47", "fostering_claim", "private_fostering",
    "returned",
]  # fmt: skip
"""The day from which an expectation counts; a child without such a day is not expected to have the contact."""
Milestone = Literal["one", "three", "five", "first_roll", "sixteen", "adult"]
Unit = Literal["days", "weeks", "hours", "working_days"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Step(_Strict):
    """One gap of several: for a contact before the milestone `until` in the child's life, or until more than `below` days
    have passed since the start; the last step has neither. `parameter` is the signal's own name for it."""

    days: int = Field(gt=0)
    until: Milestone | None = None
    below: int | None = None
    parameter: str = ""


class Done(_Strict):
    """What on record is the contact. `near` is a range of days after the start (the last one may be left out).

    A contact counts at `level` or more (None: whatever its level), of one of the `kinds` and by one of the `agencies` where
    they are given, with the child or a `parent`. A registration counts from its first day, one of `current` as long as it is
    open, `birth` is a birth or a loss on record. `tries` are kinds that tell it did not happen, beside those of `kinds`.
    """

    of: Literal["child", "parent"] = "child"
    kinds: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    level: int | None = None
    near: tuple[int, ...] = Field(default=(), max_length=2)
    registrations: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    birth: bool = False
    tries: tuple[str, ...] = ()

    @property
    def contacts(self) -> bool:
        """Whether a contact can be it at all."""
        return bool(self.kinds or self.agencies or self.level is not None)

    @model_validator(mode="after")
    def _known_terms(self) -> Done:
        _all_in((*self.kinds, *self.tries), CONTACT_KINDS)
        _all_in(self.agencies, AGENCY_KINDS)
        _all_in((*self.registrations, *self.current), REGISTERS)
        return self


class Expectation(_Strict):
    """One row of the calendar. `gap` is None where it is told as context only; `registers` are written as a question's `needs`
    are: all of them are needed to tell, 'a|b' means that either is enough, and none means that no loaded source holds it."""

    title: str
    ages: str
    who: str
    duty: Literal["hard", "offer"]
    rule: str
    registers: tuple[str, ...] | dict[str, tuple[str, ...]] = ()
    held_by: str = ""
    signal: str = ""
    parameters: dict[str, str] = {}
    after: Start
    born_from: date | None = None
    opens: int = 0
    closes: int | None = None
    until: Milestone | None = None
    repeated: bool = False
    gap: int | None = None
    gaps: tuple[Step, ...] = ()
    first: int | None = None
    grace: int = 0
    unit: Unit = "days"
    done: Done

    @model_validator(mode="after")
    def _agrees(self) -> Expectation:
        if isinstance(self.registers, dict):
            _all_in(self.registers, AGE_BANDS)
            named = [name for some in self.registers.values() for name in some]
        else:
            named = list(self.registers)
        _all_in([one for name in named for one in name.split("|")], registers())
        if bool(named) == bool(self.held_by):
            raise ValueError("either registers, or held_by where none of ours holds it")
        if self.gap is not None and self.gaps:
            raise ValueError("one gap, or gaps by steps")
        if self.gaps and any((step.until is None and step.below is None) != (step is self.gaps[-1]) for step in self.gaps):
            raise ValueError("every step but the last says until when it holds")
        if self.repeated and self.unit != "days":
            raise ValueError("what is repeated counts in days")
        if self.parameters and not self.signal:
            raise ValueError("parameters belong to a signal")
        self.defaults()  # every name is a number of this entry
        return self

    @property
    def overdue(self) -> int | None:
        """The first day that counts as missing, as some signals name it."""
        return None if self.gap is None else self.gap + 1

    def needed(self, band: str) -> tuple[str, ...]:
        """The registers without which nothing can be told of a child of this age band; of unknown age, those of every band."""
        if not isinstance(self.registers, dict):
            return self.registers
        if band == "unknown":
            return tuple(dict.fromkeys(name for some in self.registers.values() for name in some))
        return self.registers.get(band, ())

    def defaults(self) -> dict[str, int]:
        """The signal's parameters that repeat a number of this entry, each with that number."""
        said = {step.parameter: step.days for step in self.gaps if step.parameter}
        for parameter, name in self.parameters.items():
            value = self.done.level if name == "level" else getattr(self, name, None)
            if not isinstance(value, int):
                raise ValueError(f"{name} is no number of this entry")
            said[parameter] = value
        return said

    def changed(self, given: dict[str, Any]) -> Expectation:
        """This entry with a workspace's own numbers, given by the signal's parameters."""
        steps = tuple(step.model_copy(update={"days": int(given.get(step.parameter, step.days))}) for step in self.gaps)
        own = {name: int(given[parameter]) for parameter, name in self.parameters.items() if parameter in given}
        if "overdue" in own:
            own["gap"] = own.pop("overdue") - 1
        level = own.pop("level", None)
        done = self.done if level is None else self.done.model_copy(update={"level": level})
        return self.model_copy(update={**own, "gaps": steps, "done": done})


def _all_in(given: Any, known: Any) -> None:
    if wrong := [one for one in given if one not in known]:
        raise ValueError(f"there is no {', '.join(wrong)}")


@functools.cache
def expectations(path: Path = HERE / "expected_contacts.yaml") -> dict[str, Expectation]:
    """Every expectation by name, in the order of the file. Raises `Refused` naming every fault."""
    try:
        return TypeAdapter(dict[str, Expectation]).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(str(part) for part in one['loc'])}: {one['msg']}" for one in error.errors())
        raise Refused(f"{path.name} has faults: {told}.", "Mend the file; nothing was asked.") from error
