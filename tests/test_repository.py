"""The repository as a whole: what is installed is complete, what is written about it is true."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGED = ("graph", "loaders", "queries", "views", "governance", "commands")
# Whoever adds an address that is not of this kind asks first: nothing here may send a reader or a machine anywhere else.
EXPECTED_HOSTS = {
    "127.0.0.1", "localhost", "[::1]", "www.apache.org", "www.w3.org", "graphml.graphdrawing.org", "schemas.openxmlformats.org",
}  # fmt: skip


def tracked() -> list[Path]:
    """Every file that is, or is about to be, part of the repository, relative to its top."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    return [Path(line) for line in listing.splitlines() if (ROOT / line).is_file()]


def run(*command: str | Path, cwd: Path) -> str:
    """Its output, from `cwd`, without our own settings in its environment."""
    hidden = ("PYTHONPATH", "LASTSEEN_HOME", "LASTSEEN_ENGINE")
    env = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, env=env, check=False)
    assert done.returncode == 0, f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel built from a copy of the tracked files, so that nothing lying about in the checkout gets in."""
    copy, out = tmp_path_factory.mktemp("copy"), tmp_path_factory.mktemp("wheel")
    for path in tracked():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes((ROOT / path).read_bytes())
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, copy, cwd=copy)
    return next(out.glob("lastseen-*.whl"))


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `lastseen` command of a fresh environment: our wheel, with this environment's other packages reachable."""
    home = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    site = next(home.glob("lib/python3*/site-packages"))
    # A plain path in a .pth does not run the .pth files there, so our own editable install is not found by way of it.
    (site / "rest.pth").write_text(sysconfig.get_path("purelib") + "\n")
    run(sys.executable, "-m", "pip", "--python", home / "bin" / "python", "install", "--quiet", "--no-deps", wheel, cwd=home)
    return home / "bin" / "lastseen"


def test_the_wheel_holds_every_module_query_mapping_and_script(wheel: Path) -> None:
    data = {".py", ".cypher", ".yaml", ".csv", ".typed", ".html", ".js", ".css"}
    wanted = {f"lastseen/{path}" for path in tracked() if path.suffix in data and path.parts[0] in PACKAGED}
    wanted |= {"lastseen/cli.py", "lastseen/app.py", "lastseen/py.typed"}
    names = set(zipfile.ZipFile(wheel).namelist())
    assert sorted(wanted - names) == []
    assert sorted(name for name in names if name.startswith(("lastseen/tests/", "lastseen/bench/", "tests/", "graph/"))) == []


def test_an_installed_copy_lists_its_questions_from_another_folder(installed: Path, tmp_path: Path) -> None:
    assert "not_seen" in run(installed, "questions", cwd=tmp_path)


@pytest.mark.timeout(600)
def test_an_installed_copy_runs_the_demonstration_from_another_folder(installed: Path, tmp_path: Path) -> None:
    run(installed, "demo", "--headless", cwd=tmp_path)
    workspace = tmp_path / "data" / "larch-court"
    answer = run(installed, "ask", "not_seen", "--workspace", workspace, "--format", "json", cwd=tmp_path)
    assert '"population"' in answer


@pytest.mark.parametrize("part", ["schema", "questions"])
def test_the_readme_says_what_the_code_says(part: str, tmp_path: Path) -> None:
    said = run(Path(sys.executable).with_name("lastseen"), part, "--format", "markdown", cwd=tmp_path).strip()
    written = re.search(f"<!-- {part} -->\n(.*?)\n<!-- /{part} -->", (ROOT / "README.md").read_text(), re.DOTALL)
    assert written is not None
    assert written[1].strip() == said, f"Put `lastseen {part} --format markdown` between README.md's {part} markers."


def test_every_source_is_in_the_administrators_guide() -> None:
    guide = (ROOT / "docs" / "administrators.md").read_text()
    sources = [path.stem for path in sorted((ROOT / "loaders" / "sources").glob("*.yaml"))]
    assert sources, "no source mapping was found"
    assert [name for name in sources if f"`{name}`" not in guide] == []


def test_every_question_is_in_a_users_guide() -> None:
    guides = "".join(path.read_text() for path in sorted((ROOT / "docs").glob("*.md")))
    questions = [path.stem for path in sorted((ROOT / "queries").glob("*/*.cypher"))]
    assert questions, "no question was found"
    assert [name for name in questions if f"`{name}`" not in guides] == []


def test_every_link_between_the_documents_leads_somewhere() -> None:
    lost = []
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            if not (path.parent / target).exists():
                lost.append(f"{path.relative_to(ROOT)}: {target}")
    assert lost == []


def test_no_file_names_an_address_on_the_network_or_a_machines_folder() -> None:
    strays = []
    for path in tracked():
        try:
            text = (ROOT / path).read_text()
        except UnicodeDecodeError:
            continue
        for found in re.finditer(r"\bhttps?://([^/\s:\"'<>)\\\]{}]+)", text):
            host = found[1]
            if host not in EXPECTED_HOSTS and not host.endswith((".example", ".invalid", ".test")):
                strays.append(f"{path}: {found[0]}")
        strays += [f"{path}: {found}" for found in re.findall(r"(?<![\w.$}~-])/(?:root|home)/[\w./-]+", text)]
    assert strays == []
