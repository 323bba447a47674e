"""The look of what Streamlit has no widget for: the last-seen panel, tables of few rows, the history list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from lastseen.views.words import html, value

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32' stroke='%231d70b8'%3E"
    "%3Cpath d='M2 16q14-18 28 0q-14 18-28 0z' fill='%23fff' stroke-width='3'/%3E"
    "%3Ccircle cx='16' cy='16' r='5' fill='%231d70b8'/%3E%3C/svg%3E"
)
"""An eye, carried in the page: an icon by name would be fetched from another computer."""

LOGO = (
    "<svg xmlns='http://www.w3.org/2000/svg' width='170' height='32' viewBox='0 0 170 32' role='img' aria-label='Lastseen'>"
    "<path d='M2 16q14-18 28 0q-14 18-28 0z' fill='#fff' stroke='#1d70b8' stroke-width='3'/><circle cx='16' cy='16' r='5' "
    "fill='#1d70b8'/><text x='40' y='23' font-family='system-ui,sans-serif' font-size='22' font-weight='700' fill='#0b0c0c'>"
    "Lastseen</text></svg>"
)

STYLE = """<style>
.stMainBlockContainer{padding-top:2.6rem;max-width:78rem}
h1{font-size:2rem!important;padding-bottom:.2rem!important}h2{font-size:1.4rem!important}h3{font-size:1.15rem!important}
a:focus-visible,button:focus-visible,[tabindex]:focus-visible,.stTextInput>div:focus-within,.stTextArea>div:focus-within,.stNumberInput>div:focus-within,
.stDateInput>div:focus-within,.stSelectbox>div:focus-within,.stMultiSelect>div:focus-within{outline:3px solid #0b0c0c!important;
outline-offset:2px;box-shadow:0 0 0 5px #ffdd00!important}
.ls-fictional{display:inline-block;background:#4c2c92;color:#fff;font-weight:700;letter-spacing:.04em;padding:.05rem .5rem;
border-radius:3px;margin-left:.5rem;font-size:.85rem}
.ls-last{border-left:8px solid #1d70b8;background:#f3f4f5;padding:.9rem 1.2rem;margin:.2rem 0 .4rem}
.ls-last p{margin:.15rem 0;line-height:1.45}.ls-last .ls-big{font-size:1.4rem;font-weight:700;line-height:1.3}
.ls-quiet{color:#505a5f;font-size:.95rem}
table.ls{border-collapse:collapse;width:100%;font-size:.95rem}
table.ls caption{text-align:left;font-weight:600;padding:.2rem 0 .4rem}
table.ls th,table.ls td{text-align:left;vertical-align:top;padding:.4rem .9rem .4rem 0;border-bottom:1px solid #b1b4b6}
table.ls th{font-weight:600;white-space:nowrap}table.ls tr.ls-over td{color:#505a5f}
.ls-whole{white-space:nowrap}.ls-wide{overflow-x:auto}
ol.ls-history{list-style:none;margin:0;padding:0}
ol.ls-history li{display:grid;grid-template-columns:8.6rem 1.6rem 1fr;gap:.2rem .7rem;
padding:.5rem 0;border-bottom:1px solid #dfe1e3}
ol.ls-history .ls-day{font-weight:600}ol.ls-history p{margin:.1rem 0;line-height:1.4}
ol.ls-history li.ls-gap{background:#f3f4f5;border-left:6px double #505a5f;padding:.55rem .9rem;display:block;font-weight:600}
ul.ls-legend{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;list-style:none;margin:0;padding:0}
ul.ls-legend li{display:flex;gap:.4rem;align-items:center;margin:0}
.ls-mark{font-size:1.25rem;line-height:1.3rem;text-align:center}
.ls-purpose,.ls-seen{color:#00703c}.ls-seen{font-weight:700}.ls-unseen,.ls-claim,.ls-none{font-size:1.7rem}.ls-unseen{color:#1d70b8}
.ls-claim{color:#4c2c92}.ls-none{color:#505a5f}

.stTextArea textarea{font-family:ui-monospace,monospace!important;font-size:.85rem!important}
.stPageLink a{padding-left:0!important;background:none!important}
.stPageLink a p{color:#1d70b8!important;text-decoration:underline;font-weight:600}
.stTextInput [tabindex]:focus-visible,.stSelectbox [tabindex]:focus-visible{outline:0!important;box-shadow:none!important}
.stAlert p,.stAlert li{color:#0b0c0c!important}
</style>"""

MARKS = {  # how a contact is marked in the list and in the time line: shape of the chart, colour, words
    "purpose": ("circle", "#00703c", "seen for the agency's own purpose (level 4 or 5)"),
    "seen": ("circle", "#00703c", "seen in person (level 3)"),
    "unseen": ("diamond", "#1d70b8", "contact, not seen"),
    "claim": ("square", "#4c2c92", "said to be elsewhere"),
    "none": ("triangle-down", "#505a5f", "no attempt to see (letter, meeting, form)"),
}
_GLYPHS = {"purpose": "\u2b24", "seen": "\u25ef", "unseen": "\u25c7", "claim": "\u25a1", "none": "\u25bd"}


def mark(kind: str) -> str:
    """The sign of a kind of contact, named for those who hear the page."""
    return f'<span class="ls-mark ls-{kind}" role="img" aria-label="{MARKS[kind][2]}">{_GLYPHS[kind]}</span>'


def legend(kinds: Sequence[str]) -> None:
    """What the signs of the time line and the list mean."""
    st.html('<ul class="ls-legend">' + "".join(f"<li>{mark(kind)} {html(MARKS[kind][2])}</li>" for kind in kinds) + "</ul>")


def table(caption: str, columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]], over: str = "") -> None:
    """A small table as a real one. `columns` are key and heading; rows whose `over` is true are told as ended."""
    head = "".join(f'<th scope="col">{html(heading)}</th>' for heading in columns.values())
    body = ""
    for row in rows:
        cells = "".join(_cell(row.get(key)) for key in columns)
        body += f'<tr class="ls-over">{cells}</tr>' if over and row.get(over) else f"<tr>{cells}</tr>"
    above = f"<caption>{html(caption)}</caption>" if caption else ""
    st.html(f'<div class="ls-wide"><table class="ls">{above}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>')


def _cell(shown: Any) -> str:
    return f"<td{' class=ls-whole' if isinstance(shown, date) else ''}>{html(value(shown))}</td>"
