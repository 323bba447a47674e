"""What every page shares: which workspace and engine, the day asked, one session a graph, errors told as messages.

Only the opened graph is kept over users (`st.cache_resource`); rows of children never are. The day and the workspace are
in the address, so that a link opens the same page as the same day.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import streamlit as st

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import LastseenError, ManyPeople
from lastseen.queries.session import Session, open_session
from lastseen.views.words import html, in_words, md

OLDEST = date(1900, 1, 1)
PAGES = "pages"
"""Where `app.py` leaves the pages of this run, by name."""


@contextmanager
def told() -> Iterator[None]:
    """Errors of ours become a message that says how to mend it; anything else is hidden by Streamlit's own settings."""
    try:
        yield
    except LastseenError as error:
        st.error(f"{md(error.what)}\n\n{md(error.mend)}".strip(), icon=":material/error:")
        if isinstance(error, ManyPeople):
            for person, label in error.choices:
                link(person, label)


# --- which graph --------------------------------------------------------------------------------------------------


def homes() -> list[Path]:
    """The workspaces to choose from: LASTSEEN_HOME itself, or those in it; none where a server is given: it holds one."""
    return [] if _engine() else _folders(os.environ.get("LASTSEEN_HOME") or "data")


def _engine() -> str | None:
    return os.environ.get("LASTSEEN_ENGINE") or None


def _folders(home: str) -> list[Path]:
    root = Path(home).expanduser().absolute()
    if (root / "workspace.json").exists():
        return [root]
    return sorted(path.parent for path in root.glob("*/workspace.json")) or [root]


def home() -> Path | None:
    """The folder of the chosen workspace, whether anything is loaded in it yet or not; None where a server is read."""
    return None if _engine() else _chosen(homes())


def session() -> Session:
    """The graph of the chosen workspace; opened once for everybody, and again where a newer build is current.

    A server's graph comes with the workspace it was published from, where that is at hand.
    """
    if engine := _engine():
        opened = _opened(None, engine)
        for home in _folders(os.environ["LASTSEEN_HOME"]) if os.environ.get("LASTSEEN_HOME") else []:
            if (home / "workspace.json").exists() and Workspace.open(home).name == opened.marker.workspace:
                return _opened(str(home), engine)
        return opened
    return _opened(str(_chosen(homes())), None)


def _is_current(opened: Session) -> bool:
    if opened.workspace is None or _engine():
        return True
    build = Workspace.open(opened.workspace.home).current_build()
    return build is not None and build.id == opened.marker.build


@st.cache_resource(show_spinner="Opening the graph …", max_entries=20, validate=_is_current)
def _opened(home: str | None, engine: str | None) -> Session:
    return open_session(home, engine)


def _chosen(found: list[Path]) -> Path | None:
    names = {path.name: path for path in found}
    wanted = st.session_state.get("workspace") or st.query_params.get("workspace")
    return names.get(str(wanted), found[0]) if found else None


def _title(name: str) -> str:
    """A workspace's own title where it can be read."""
    for path in homes():
        if path.name == name:
            try:
                return Workspace.open(path).settings.title or name
            except LastseenError:
                return name
    return name


# --- the day ------------------------------------------------------------------------------------------------------


def as_at() -> date:
    """The day that every answer is asked as at."""
    chosen = st.session_state.get("as_at")
    return chosen if isinstance(chosen, date) else session().default_as_at()


def sidebar() -> None:
    """Which workspace and which day; what they are, and whether a publish is under way."""
    with st.sidebar:
        found = homes()
        if len(found) > 1:
            chosen = _chosen(found)
            names = [path.name for path in found]
            st.session_state.setdefault("workspace", chosen.name if chosen else names[0])
            st.selectbox("Workspace", names, key="workspace", format_func=_title, on_change=_leave)
        opened = session()
        default = opened.default_as_at()
        last = max(date.today(), default)
        if "as_at" not in st.session_state:
            st.session_state["as_at"] = min(max(_day_in_address() or default, OLDEST), last)
        st.date_input(
            "As at",
            key="as_at",
            min_value=OLDEST,
            max_value=last,
            format="DD/MM/YYYY",
            help="Every page answers as things were known on this day. What was known only later does not show.",
        )
        if as_at() != default:
            st.button(f"Back to {in_words(default)}", on_click=_forget_day, key="back_to_default")
        marker = opened.marker
        st.caption(f"{md(marker.title or marker.area or 'Workspace')} · {md(opened.store.engine)}")
    _address()
    if marker.phase == "publishing":
        st.info(
            f"Being published since {marker.since.astimezone():%H:%M}. Answers meanwhile show at least what stood before.",
            icon=":material/sync:",
        )


def _leave() -> None:
    """Another workspace: another day, and nobody open."""
    _forget_day()
    for name in ("person", "find_text", "asked"):
        st.session_state.pop(name, None)
    st.query_params.pop("person", None)


def _forget_day() -> None:
    st.session_state.pop("as_at", None)
    st.query_params.pop("as_at", None)


def _day_in_address() -> date | None:
    try:
        return date.fromisoformat(st.query_params.get("as_at", ""))
    except ValueError:
        return None


def _address() -> None:
    """Keep the day and the workspace in the address, where they are not what the page opens with anyway."""
    for name, shown in state().items():
        if st.query_params.get(name) != shown:
            st.query_params[name] = shown
    if "as_at" not in state():
        st.query_params.pop("as_at", None)


def state() -> dict[str, str]:
    """What a link must carry to open the same workspace on the same day."""
    carried = {}
    if len(homes()) > 1:
        carried["workspace"] = str(st.session_state.get("workspace", homes()[0].name))
    if as_at() != session().default_as_at():
        carried["as_at"] = as_at().isoformat()
    return carried


# --- pages --------------------------------------------------------------------------------------------------------


def page(name: str) -> st.Page:
    """A page by its name, for links."""
    pages: dict[str, st.Page] = st.session_state[PAGES]
    return pages[name]


def somebody(title: str) -> str | None:
    """Who the address names, else who was opened last, kept as both; where nobody is open, the page says what to do."""
    wanted = st.query_params.get("person") or st.session_state.get("person")
    if not wanted:
        heading(title)
        st.info("Nobody is open. Find a child first, and open the result.", icon=":material/person_search:")
        st.page_link(page("find"), label="Find a child", icon=":material/search:", query_params=state())
        return None
    st.session_state["person"] = wanted
    st.query_params["person"] = wanted
    return str(wanted)


def link(person: str, label: str, icon: str | None = None) -> None:
    """A link that opens somebody on the Child page, as the same day."""
    st.page_link(page("child"), label=md(label), icon=icon, query_params={"person": person, **state()})


def heading(title: str, more: str = "") -> None:
    """A page's title, and the day it speaks for."""
    st.title(md(title), anchor=False)
    made_up = ' <span class="ls-fictional">FICTIONAL DATA</span>' if session().marker.fictional else ""
    st.html(f'<p class="ls-quiet">As at <b>{html(in_words(as_at()))}</b>. {html(more)}{made_up}</p>')
