"""The app: which pages there are. Start it with `lastseen app`; what each page does is in `views/`."""

from __future__ import annotations

from contextlib import nullcontext, suppress

import streamlit as st

from lastseen.graph.errors import LastseenError
from lastseen.views import board, child, find, known, loads, look, quality, questions, register, shared, worklist

PAGES = {
    "find": (find.page, "Find", ":material/search:"),
    "worklist": (worklist.page, "Worklist", ":material/checklist:"),
    "child": (child.page, "Child", ":material/person:"),
    "timeline": (known.page, "Time line", ":material/history:"),
    "board": (board.page, "Board", ":material/bar_chart:"),
    "questions": (questions.page, "Questions", ":material/help:"),
    "loads": (loads.page, "Loads", ":material/database:"),
    "register": (register.page, "Add a register", ":material/upload_file:"),
    "quality": (quality.page, "Data quality", ":material/fact_check:"),
}
WITHOUT_A_GRAPH = ("register",)  # pages that are there before anything is loaded


def main(first: str = "find") -> None:
    """Run the page that the address names, `first` where it names none."""
    st.set_page_config(page_title="Lastseen", page_icon=look.ICON, layout="wide", initial_sidebar_state="expanded")
    st.logo(look.LOGO, size="large")
    st.html(look.STYLE)
    pages = {
        name: st.Page(function, title=title, icon=icon, url_path=name, default=name == first)
        for name, (function, title, icon) in PAGES.items()
    }
    st.session_state[shared.PAGES] = pages
    chosen = st.navigation(list(pages.values()))
    with shared.told():
        with suppress(LastseenError) if (chosen.url_path or first) in WITHOUT_A_GRAPH else nullcontext():
            shared.sidebar()
        chosen.run()


if __name__ == "__main__":
    main()
