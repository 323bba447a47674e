"""The one family of errors. Each says what failed, where, and how to mend it, and never names a person.

The command line turns the class into its exit code (design: 2 refused input or wrong use, 3 engine or workspace
not available); nothing else in the program calls `sys.exit`.
"""

from __future__ import annotations


class LastseenError(Exception):
    """What failed (`what`), and how to mend it (`mend`): two plain sentences without names or birth dates."""

    exit_code = 2

    def __init__(self, what: str, mend: str = "") -> None:
        super().__init__(f"{what} {mend}".strip())
        self.what = what
        self.mend = mend


class Refused(LastseenError):
    """The input or the request can't be taken; nothing was written."""


class NotAvailable(LastseenError):
    """The workspace or the engine can't be reached, is busy, or holds nothing yet."""

    exit_code = 3


class ManyPeople(Refused):
    """A name fits several people; `choices` are their (record id, label) pairs for the person to choose from."""

    def __init__(self, what: str, mend: str, choices: list[tuple[str, str]]) -> None:
        super().__init__(what, mend)
        self.choices = choices
