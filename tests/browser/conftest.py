"""The app really running, in a real browser that can reach nothing but the app."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect, sync_playwright

from lastseen.commands.starting import app_environment, end, free_port, streamlit_command, wait_until_up
from lastseen.graph.archive import Workspace
from lastseen.graph.publish import publish_to
from lastseen.loaders.demo import demo

sys.path.insert(0, str(Path(__file__).parents[1] / "hostile_names"))
from hostile_family import hostile_larch_court

WIDTH, HEIGHT = 1360, 900
expect.set_options(timeout=60_000)


@pytest.fixture(scope="session")
def larch_court(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo(tmp_path_factory.mktemp("demo"))[0].home


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return hostile_larch_court(tmp_path_factory.mktemp("hostile"))


@contextmanager
def running(home: Path | None, engine: str | None = None) -> Iterator[str]:
    """The app as `lastseen app` starts it, in a folder that has nothing of ours; gives its address."""
    port = free_port()
    elsewhere = tempfile.mkdtemp(prefix="lastseen-elsewhere-")
    child = subprocess.Popen(
        streamlit_command(port), env=app_environment(home, engine), stdout=subprocess.DEVNULL, cwd=elsewhere
    )
    try:
        assert wait_until_up(child, port), "the app did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        end(child)
        shutil.rmtree(elsewhere)


@pytest.fixture(scope="session")
def app(larch_court: Path) -> Iterator[str]:
    """The app over Larch Court, embedded."""
    with running(larch_court) as address:
        yield address


@pytest.fixture(scope="session")
def hostile_app(hostile: Path) -> Iterator[str]:
    with running(hostile) as address:
        yield address


@pytest.fixture
def both_app(larch_court: Path, hostile: Path, tmp_path: Path) -> Iterator[str]:
    """The app over a folder that holds two workspaces."""
    for home in (larch_court, hostile):
        shutil.copytree(home, tmp_path / "both" / home.name)
    with running(tmp_path / "both") as address:
        yield address


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A workspace with nothing in it."""
    return Workspace.open(tmp_path / "new", create=True).home


@pytest.fixture
def empty_app(empty: Path) -> Iterator[str]:
    with running(empty) as address:
        yield address


@pytest.fixture(params=["ladybug", pytest.param("neo4j", marks=pytest.mark.neo4j)])
def either_app(request: pytest.FixtureRequest, larch_court: Path) -> Iterator[str]:
    """The app over Larch Court, on each engine; on the server without any workspace."""
    if request.param == "ladybug":
        yield request.getfixturevalue("app")
        return
    url = request.getfixturevalue("clean_neo4j")
    publish_to(Workspace.open(larch_court), url)
    with running(None, url) as address:
        yield address


# --- the browser --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser(need: Callable[[object, str], None]) -> Iterator[Browser]:
    path = os.environ.get("LASTSEEN_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    need(Path(path).exists(), f"no Chromium at {path} (apt install chromium, or LASTSEEN_CHROMIUM)")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield opened
        opened.close()


@dataclass
class Visitor:
    """A page and what it asked for; every request to anything but the app is stopped and remembered in `outside`."""

    page: Page
    pictures: Path
    outside: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        origin = "/".join(address.split("/")[:3])

        def only_own(route: Route) -> None:
            if route.request.url.startswith((origin + "/", "data:", "blob:")):
                route.continue_()
            else:
                self.outside.append(route.request.url)
                route.abort()

        self.page.unroute_all()
        self.page.route("**/*", only_own)
        self.page.goto(address)
        self.settled()

    def settled(self) -> None:
        """Wait until the page has its title and nothing is running."""
        expect(self.page.locator("h1").first).to_be_visible()
        expect(self.page.get_by_test_id("stStatusWidget")).to_have_count(0)
        self.page.wait_for_timeout(400)
        # The widget comes late: a page can be half written without it, and a click on it be lost.
        expect(self.page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")

    def tab_to(self, what: Callable[[], bool], most: int = 60) -> None:
        """Press Tab until `what` is true of the focused element."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            if what():
                return
        raise AssertionError(f"not reached with {most} presses of Tab")

    def focused(self, script: str) -> bool:
        return bool(self.page.evaluate(f"() => {{ const e = document.activeElement; return {script}; }}"))

    def picture(self, name: str) -> None:
        """A screenshot of the whole page, for people to look at."""
        for _ in range(2):
            tall = self.page.get_by_test_id("stMain").evaluate("e => e.scrollHeight")
            self.page.set_viewport_size({"width": WIDTH, "height": min(int(tall) + 20, 9000)})
            self.page.wait_for_timeout(1200)
        self.page.screenshot(path=self.pictures / f"{name}.png")
        self.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


@pytest.fixture
def visitor(browser: Browser, tmp_path: Path) -> Iterator[Visitor]:
    kept = os.environ.get("LASTSEEN_ARTEFACTS")
    pictures = Path(kept) if kept else tmp_path / "pictures"
    pictures.mkdir(parents=True, exist_ok=True)
    context: BrowserContext = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, accept_downloads=True)
    page = context.new_page()
    found = Visitor(page, pictures)
    page.on("pageerror", lambda error: found.faults.append(str(error)))
    page.on("websocket", lambda socket: None if "127.0.0.1" in socket.url else found.outside.append(socket.url))
    yield found
    context.close()
    assert found.outside == [], "the page asked another computer for something"
