"""The app's pages run in this process over the fictional Larch Court family, and over the same family with hostile names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from lastseen.loaders.demo import demo

sys.path.insert(0, str(Path(__file__).parents[1] / "hostile_names"))
from hostile_family import hostile_larch_court

Open = Callable[..., AppTest]


@pytest.fixture(scope="session")
def larch_court(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration's workspace, to be read only."""
    return demo(tmp_path_factory.mktemp("demo"))[0].home


@pytest.fixture
def open_app(monkeypatch: pytest.MonkeyPatch, larch_court: Path) -> Open:
    """`open_app("child", person=…)`: the app at that page, run once; `home` is another workspace or folder (None: none)."""

    def open_page(first: str, home: Path | None = larch_court, engine: str | None = None, **address: str) -> AppTest:
        for name, value in (("LASTSEEN_HOME", home), ("LASTSEEN_ENGINE", engine)):
            monkeypatch.delenv(name, raising=False)
            if value:
                monkeypatch.setenv(name, str(value))
        test = AppTest.from_string(f"from lastseen import app\napp.main({first!r})", default_timeout=120)
        for name, value in address.items():
            test.query_params[name] = value
        return test.run()

    return open_page


@pytest.fixture
def words() -> Callable[[AppTest], str]:
    """Everything a page says, as one text, without the marks that keep it from being Markdown."""

    def say(test: AppTest) -> str:
        said = [e.proto.body for e in test.get("html")]
        for kind in ("title", "subheader", "markdown", "caption", "info", "warning", "error"):
            said += [str(element.value) for element in test.get(kind)]
        said += [f"{expander.label}" for expander in test.get("expander")]
        said += [link.proto.label for link in test.get("page_link")]
        return "\n".join(said).replace("\\", "")

    return say



@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Larch Court again, its family under names that try to run, to fetch or to be a formula."""
    return hostile_larch_court(tmp_path_factory.mktemp("hostile"))
