"""Add a register: upload an extract of any layout, finish the mapping that is proposed, see what it would give, load it.

The upload is written to a private folder of the workspace only while it is looked at or loaded, and is gone afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

import streamlit as st

from lastseen.graph.archive import Workspace
from lastseen.graph.errors import Refused
from lastseen.graph.scratch import scratch
from lastseen.loaders.loading import LoadReport, load
from lastseen.loaders.local_mappings import keep, local_names, local_path, may_keep
from lastseen.loaders.mapping import Draft, Mapping, draft, mapping_text, parse_mapping
from lastseen.loaders.proposing.preview import preview
from lastseen.loaders.proposing.proposal import Several, propose, source_name
from lastseen.loaders.undecided import Undecided, decide
from lastseen.views import mapped, shared
from lastseen.views.words import count, md

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

MOST_MB = 200
"""A larger extract is loaded with the command, which reads it where it lies."""
MOST_ASKED = 12
"""Points to decide that are asked beside the mapping at once; the next come when these are decided."""
PROPOSAL = "a proposal made from this file"
TEXT, SHOWN, DONE, NUMBER, NOTES = "register_text", "register_shown", "register_done", "register_number", "register_notes"
TABLES = "register_tables"


def page() -> None:
    """Upload, mapping, preview, load: one below the other, each there once the one before it is done."""
    st.title("Add a register", anchor=False)
    home = shared.home()
    if home is None:
        st.info("This app reads a server. Add registers where the workspace is, and publish from there.", icon=":material/dns:")
        return
    if done := st.session_state.pop(DONE, None):
        st.success(done, icon=":material/check_circle:")
        st.page_link(shared.page("loads"), label="See what was read, kept and rejected", icon=":material/database:")
    upload = _upload()
    if upload is None:
        _empty(home)
        return
    with shared.told():
        _begin(home, upload)
    if TEXT not in st.session_state:
        return
    with shared.told():
        said = _mapping(home)
        if said.mapping is not None:
            _preview(home, upload, said.mapping)
        _commit(home, upload, said)


def _upload() -> UploadedFile | None:
    number = st.session_state.setdefault(NUMBER, 0)
    upload: UploadedFile | None = st.file_uploader(
        f"An extract: CSV, a workbook, a zip of CSV, XML or JSON ({MOST_MB} MB at most)", key=f"register_file_{number}",
        on_change=_other_file, max_upload_size=MOST_MB,
    )  # fmt: skip
    if upload is not None and upload.size > MOST_MB << 20:
        st.error(f"The file is larger than {MOST_MB} MB. Load it with the command `lastseen load`.", icon=":material/error:")
        return None
    return upload


def _empty(home: Path) -> None:
    st.markdown(
        "Give any table about children, adults, addresses or contacts as an agency sends it. Lastseen proposes what its "
        "columns mean; you decide what it can't know, above all **whether a contact saw the child**. Nothing is loaded before "
        "you say so."
    )
    if own := local_names(home):
        st.markdown(f"This workspace has mappings of its own for: {md(', '.join(own))}.")


def _forget() -> None:
    for name in (TEXT, SHOWN, NOTES):
        st.session_state.pop(name, None)


def _other_file() -> None:
    _forget()
    st.session_state.pop(TABLES, None)


# --- the mapping --------------------------------------------------------------------------------------------------


def _begin(home: Path, upload: UploadedFile) -> None:
    """From a proposal, or from a mapping that the workspace has."""
    own = local_names(home)
    begin = st.selectbox("Begin with", [PROPOSAL, *own], key="register_begin", on_change=_forget) if own else PROPOSAL
    if begin != PROPOSAL:
        if TEXT not in st.session_state:
            st.session_state[TEXT] = mapping_text(local_path(home, str(begin)))
        return
    tables = st.session_state.get(TABLES, [])
    table = st.selectbox("Which table of it", tables, key="register_table") if tables else None
    name = st.text_input("What the source is to be called", source_name(Path(upload.name), None), key="register_source")
    if st.button("Propose a mapping", type="primary", key="register_propose"):
        _forget()
        with st.spinner("Reading the file …"), _as_file(home, upload) as (path, work):
            try:
                found = propose(path, (name or "").strip(), work, table)
            except Several as several:
                st.session_state[TABLES] = several.tables
                st.rerun()
        st.session_state[TEXT], st.session_state[NOTES] = found.text, found.notes


def _mapping(home: Path) -> Draft:
    """The mapping as text, beside it what is wrong with it and what is left to decide."""
    st.subheader("The mapping", anchor=False)
    for note in st.session_state.get(NOTES, []):
        st.markdown(f"- {md(note)}")
    left, right = st.columns([3, 2])
    with left:
        text = st.text_area("Mapping (YAML)", key=TEXT, height=620, help="Press Ctrl and Return to have it checked.")
    with right:
        said = draft(text or "", "of this page")
        for fault in said.faults:
            st.error(md(fault), icon=":material/error:")
        if said.undecided:
            st.markdown(f"**{len(said.undecided)} to decide**")
        elif not said.faults:
            st.success("Nothing is left to decide.", icon=":material/check_circle:")
        for one in said.undecided[:MOST_ASKED]:
            _ask(one)
        if len(said.undecided) > MOST_ASKED:
            st.caption(f"{len(said.undecided) - MOST_ASKED} more come when these are decided.")
        if st.button("Save the mapping", key="register_save", help="It may be unfinished: go on with it another day."):
            _save(home, text or "", said)
    return said


def _ask(one: Undecided) -> None:
    """A choice for one mark; what has no closed list is written into the text."""
    if not one.choices:
        st.markdown(f"- line {one.line}, {md(one.what)}: write it into the mapping")
        return
    key = "register_decide_" + ".".join(str(part) for part in one.path)
    st.selectbox(
        f"Line {one.line}: {md(one.what)}", [*one.choices], index=None, key=key, placeholder="TO DECIDE",
        format_func=lambda value: f"{value} ({one.choices[value]})" if one.choices[value] else value,
        on_change=_decide, args=(one, key),
    )  # fmt: skip


def _decide(one: Undecided, key: str) -> None:
    if (value := st.session_state.pop(key, None)) is not None:
        st.session_state[TEXT] = decide(st.session_state[TEXT], one, str(value))
        st.session_state.pop(SHOWN, None)


def _save(home: Path, text: str, said: Draft) -> None:
    if said.mapping is None:
        raise Refused("The mapping can't be saved while it has faults.", "Correct what is named beside it.")
    archive = Workspace.open(home, create=True)
    path = keep(archive.home, said.mapping.source, text, replace=st.session_state.get("register_begin") == said.mapping.source)
    st.success(f"Saved as {md(path.name)} in the workspace's folder mappings.", icon=":material/save:")


# --- what it would give -------------------------------------------------------------------------------------------


def _preview(home: Path, upload: UploadedFile, mapping: Mapping) -> None:
    st.subheader("What it would give", anchor=False)
    day, scope = _of_the_extract()
    if st.button("Preview", key="register_preview", icon=":material/visibility:"):
        with st.spinner("Loading the file into a workspace that is thrown away …"), _as_file(home, upload) as (path, work):
            shown = preview(mapping, path, work, extract_date=day, scope=scope)
        st.session_state[SHOWN] = (mapping.version, day, scope, shown)
    kept = st.session_state.get(SHOWN)
    if kept and kept[:3] == (mapping.version, day, scope):
        mapped.preview(kept[3])
    else:
        st.caption("Nothing is loaded by a preview.")


def _of_the_extract() -> tuple[date | None, str | None]:
    left, right = st.columns(2)
    with left:
        day = st.date_input(
            "Day the extract was taken, where its rows do not say", value=None, key="register_day", format="DD/MM/YYYY",
            max_value=date.today(), min_value=shared.OLDEST,
        )  # fmt: skip
    with right:
        scope = st.text_input("Practice, school, team or council it covers, where its rows do not say", key="register_scope")
    return (day if isinstance(day, date) else None), (scope or "").strip() or None


# --- loading ------------------------------------------------------------------------------------------------------


def _commit(home: Path, upload: UploadedFile, said: Draft) -> None:
    st.subheader("Load it", anchor=False)
    if not said.is_finished:
        st.markdown("It can be loaded when nothing in the mapping is left to decide or to correct.")
    replace = st.checkbox("Take the place of the load of the same source, scope and day", key="register_replace")
    if not st.button("Load and publish", type="primary", key="register_load", disabled=not said.is_finished):
        return
    text = str(st.session_state[TEXT])
    mapping = parse_mapping(text, "of this page")
    day, scope = st.session_state.get("register_day"), (st.session_state.get("register_scope") or "").strip() or None
    archive = Workspace.open(home, create=True)
    begun = st.session_state.get("register_begin") == mapping.source
    may_keep(archive.home, mapping.source, text, replace or begun)
    with _as_file(home, upload) as (path, _):
        report = _load(archive, mapping, path, day, scope, replace)
    keep(archive.home, mapping.source, text, replace or begun)
    st.session_state[DONE] = _told(report)
    st.session_state[NUMBER] += 1  # another uploader: the file is let go of
    _forget()
    st.rerun()


def _load(
    archive: Workspace, mapping: Mapping, path: Path, day: date | None, scope: str | None, replace: bool
) -> LoadReport:
    """Load in a thread of its own and say how far it is; a visitor who leaves meanwhile does not stop it half way."""
    steps = ["Beginning"]
    with st.status(steps[-1], expanded=False) as status, ThreadPoolExecutor(1) as pool:
        work = pool.submit(
            load, archive, mapping, [path], extract_date=day, scope=scope, replace=replace,
            progress=lambda message, *_: steps.append(message),
        )  # fmt: skip
        while not wait([work], timeout=0.3).done:
            status.update(label=md(steps[-1]))
        report = work.result()
        status.update(label="Done", state="complete")
    return report


def _told(report: LoadReport) -> str:
    said = f"{count(report.read, 'row')} read, {report.kept:,} kept, {report.rejected:,} rejected. The graph is published."
    warnings = "".join(f"\n- {md(warning)}" for warning in report.warnings)
    return f"Loaded as {md(report.source)}: {said}{warnings}"


@contextmanager
def _as_file(home: Path, upload: UploadedFile) -> Iterator[tuple[Path, Path]]:
    """The upload as a file in a private folder, and another folder for work; both are gone afterwards."""
    with scratch(home) as folder:
        path = folder / "upload" / (re.sub(r"[^\w .()-]", "_", PurePath(upload.name).name).lstrip(".")[-100:] or "extract")
        for one in (path.parent, folder / "work"):
            one.mkdir(mode=0o700)
        with path.open("wb") as file:
            file.write(upload.getbuffer())
        yield path, folder / "work"
