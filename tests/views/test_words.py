from __future__ import annotations

from datetime import date

import pytest

from lastseen.views.words import age, contact_kind, level, listed, md, span, value


def test_a_name_is_never_markdown() -> None:
    assert md("![x](http://evil.example/x.png)") == r"\!\[x\]\(http\:\/\/evil\.example\/x\.png\)"
    assert md(":red[a] <b>\n# b") == r"\:red\[a\] \<b\> \# b"
    assert md("Zoë O’Brien\u202e") == "Zoë O’Brien"


@pytest.mark.parametrize(
    ("days", "words"),
    [(1, "1 day"), (59, "59 days"), (61, "2 months"), (212, "7 months"), (730, "2 years"), (822, "2 years 3 months")],
)
def test_a_span_is_told_as_people_say_it(days: int, words: str) -> None:
    assert span(days) == words


def test_an_age_changes_on_the_birthday() -> None:
    born = date(2012, 6, 11)
    assert age(born, date(2018, 6, 10)) == "5 years"
    assert age(born, date(2018, 6, 11)) == "6 years"
    assert age(born, date(2012, 7, 1)) == "20 days"
    assert age(born, date(2012, 6, 10)) == "not yet born"


def test_values_are_told_in_words() -> None:
    assert value(date(2016, 4, 11)) == "11 April 2016"
    assert value([True, None, 1200]) == "yes, , 1,200"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed([]) == ""
    assert contact_kind("welfare_visit") == "police welfare visit"
    assert level(None) == ""
    assert level(4) == "seen for that agency's purpose (level 4)"
