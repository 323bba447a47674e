"""kill -9 at moments that can be seen from outside: nothing is lost, the old answers stand, and loading again works."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from lastseen.graph.archive import Workspace
from lastseen.graph.ladybug_store import LadybugStore
from lastseen.loaders.loading import load

HEADER = (
    "PRACTICE_CODE,PRACTICE_NAME,EXTRACT_DATE,NHS_NUMBER,SURNAME,FORENAMES,SEX,DATE_OF_BIRTH,ADDRESS_LINE_1,TOWN,POSTCODE,"
    "ADDRESS_FROM,REGISTERED_ON,STATUS,REMOVED_ON,REMOVAL_REASON\n"
)
CHILDREN = 4000

Moment = Callable[[Path], bool]


def gp_list(path: Path, day: str, children: int) -> Path:
    home = "Larch Court,Aldermere,AB1 2CD,,01/03/2010"
    rows = (
        f"A1,Aldermere,{day},{9000000000 + n},Surname{n},Child{n},F,01/02/2010,{n} {home},R,,\n" for n in range(children)
    )
    path.write_text(HEADER + "".join(rows), encoding="utf-8")
    return path


def any_of(pattern: str) -> Moment:
    """The moment at which something of that name is there."""
    return lambda home: any(home.glob(pattern))


MOMENTS: dict[str, Moment] = {
    "a load is staged": any_of("loads/.staging-*"),
    "rows are read": any_of("loads/.staging-*/work/*.raw"),
    "rows are typed": any_of("loads/.staging-*/work/typed-*"),
    "a record table is written": any_of("loads/.staging-*/people.parquet"),
    "the load is complete": any_of("loads/.staging-*/manifest.json"),
    "a build is begun": any_of("graph/builds/.staging-*"),
    "the engine is building": any_of("graph/builds/.staging-*/ladybug.db"),
    "the change is decided": any_of("pending.json"),
    "the load is in place": any_of("loads/2-*"),
}


def killed_at(home: Path, file: Path, moment: Moment) -> bool:
    """Load in another process and kill it when the moment is seen; false where it had finished first."""
    program = f"from lastseen.graph.archive import Workspace; from lastseen.loaders.loading import load; " \
              f"load(Workspace.open({str(home)!r}), 'gp_list', [{str(file)!r}])"
    with subprocess.Popen([sys.executable, "-c", program], start_new_session=True) as child:
        while child.poll() is None:
            if moment(home):
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
                return True
            time.sleep(0.0005)
        assert child.returncode == 0
    return False


def answers(workspace: Workspace) -> tuple[list[int], str, int]:
    """Load numbers, the current build, and how many people the embedded graph counts."""
    build = workspace.current_build()
    assert build is not None
    store = LadybugStore(build.database)
    try:
        return [one.n for one in workspace.loads()], build.id, store.counts().nodes["Person"]
    finally:
        store.close()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("kill") / "home"
    load(Workspace.open(home, create=True), "gp_list", [gp_list(home.parent / "june.csv", "01/06/2012", 5)])
    return home


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_load_killed_when(before: Path, tmp_path: Path, moment: str) -> None:
    home = tmp_path / "home"
    subprocess.run(["/bin/cp", "-a", str(before), str(home)], check=True)
    july = gp_list(tmp_path / "july.csv", "01/07/2012", CHILDREN)
    old = answers(Workspace.open(home))
    assert old[0] == [1]
    killed = killed_at(home, july, MOMENTS[moment])
    decided = (home / "pending.json").exists() or any(home.glob("loads/2-*"))
    assert killed or decided

    workspace = Workspace.open(home)
    found = answers(workspace)
    if decided:
        assert (found[0], found[2]) == ([1, 2], CHILDREN)
        assert found[1] != old[1]
    else:
        assert found == old, "the old answers stand"

    report = load(workspace, "gp_list", [july])
    assert report.changed is not decided
    assert answers(workspace)[2] == CHILDREN
    assert [one.extract_date for one in workspace.loads()] == [date(2012, 6, 1), date(2012, 7, 1)]
    assert not any(home.glob("loads/.*"))
    assert not any(home.glob("graph/builds/.*"))
    assert not (home / "pending.json").exists()
