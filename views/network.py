"""The network round one person: picture, filters, and the tables that say the same."""

from __future__ import annotations

from datetime import date

import streamlit as st

from lastseen.governance.spreadsheets import csv_text
from lastseen.graph.exports import as_json, edge_rows, graphml, node_rows
from lastseen.graph.network import Neighbourhood, neighbourhood
from lastseen.graph.picture import draw
from lastseen.views import look, shared
from lastseen.views.words import count, in_words

KINDS = {"Address": "Places", "Agency": "Agencies", "Professional": "Workers", "Contact": "Contacts one by one"}
LIMIT = 60
EDGES = {
    "from": "From",
    "what": "Says",
    "to": "To",
    "since": "Since",
    "until": "Until",
    "evidence": "Evidence",
    "source": "Source",
    "row": "Row",
}


@st.fragment
def section(person: str, day: date | None = None) -> None:
    """Choose steps and kinds; see the picture and its twin, as at `day` where it is not the day asked."""
    st.subheader("Network", anchor="network")
    left, right = st.columns([1, 3])
    hops = left.segmented_control("Steps away", [1, 2, 3], default=2, required=True, key="network_hops")
    kinds = right.pills(
        "Show, beside people",
        list(KINDS),
        selection_mode="multi",
        default=["Address", "Agency"],
        format_func=KINDS.__getitem__,
        key="network_kinds",
    )
    with shared.told():
        found = neighbourhood(
            shared.session().store,
            [person],
            hops=int(hops or 1),
            limit=LIMIT,
            as_at=day or shared.as_at(),
            node_types=["Person", *(kinds or [])],
        )
        _show(found)


def _show(found: Neighbourhood) -> None:
    name = found.graph.nodes[found.roots[0]]["name"]
    title = f"Network round {name}, {count(found.hops, 'step')}, as at {in_words(found.as_at)}"
    nodes, edges = node_rows(found), edge_rows(found)
    summary = f"{count(len(nodes), 'person or thing', 'people, places and agencies')}, {count(len(edges), 'link')}."
    st.iframe(draw(found, tables=False), height="content", alt=f"{title}. {summary} The tables below say the same.")
    with st.expander(f"The same as tables: {summary}"):
        look.table(
            f"Who and what ({len(nodes)})",
            {"name": "Name", "kind": "Kind", "type": "Type", "born_on": "Born", "steps": "Steps"},
            nodes,
        )
        look.table(f"Links ({len(edges)})", EDGES, edges)
    _downloads(found, title)
    people = [(row["id"], row["name"]) for row in nodes if row["type"] == "Person" and row["id"] not in found.roots]
    if people:
        with st.container(horizontal=True, gap="medium"):
            st.markdown("Open somebody from this network:")
            for person, name in people:
                shared.link(person, name)


def _downloads(found: Neighbourhood, title: str) -> None:
    day = found.as_at.isoformat()
    files = {
        "Picture (HTML)": (lambda: draw(found, title), "html", "text/html"),
        "Links (CSV)": (
            lambda: csv_text(list(EDGES.values()), [[row[key] for key in EDGES] for row in edge_rows(found)]),
            "csv",
            "text/csv",
        ),
        "GraphML": (lambda: graphml(found), "graphml", "application/xml"),
        "JSON": (lambda: as_json(found), "json", "application/json"),
    }
    with st.container(horizontal=True):
        for label, (make, ending, mime) in files.items():
            st.download_button(
                label,
                make,
                file_name=f"network-{day}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"network_{ending}",
            )
