"""What a screening officer does, in a real browser: find, read, look around, take away."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Download, FrameLocator, expect

from lastseen.loaders.made_up.people import PEOPLE

pytestmark = pytest.mark.browser
TAM = quote(f"gp_list:{PEOPLE['C3'].nhs}")
PLACES = "() => nodes.getIds().map(i => network.canvasToDOM(network.getPosition(i))).map(at => [at.x, at.y])"
IS_BOX = "e.tagName === 'INPUT' && e.getAttribute('aria-label').startsWith('Name, birth date')"
SEEN = "Last seen 830 days ago, on 11 April 2016, by Dean Holroyd, Police"


def saved(download: Download) -> str:
    path = download.path()
    return Path(path).read_text(encoding="utf-8")


def drawing(page: Any) -> FrameLocator:
    return page.frame_locator("iframe[title^='Network round']")


def test_a_child_is_found_and_read_by_keyboard_alone(either_app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(either_app)
    words = page.get_by_test_id("stMain").inner_text()
    assert words.startswith("Find"), "nothing stands above a page's own heading"
    visitor.tab_to(lambda: visitor.focused(IS_BOX))
    page.keyboard.type("tam marlowe")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Tam Marlowe")).to_be_visible()
    visitor.settled()
    visitor.picture("find")
    visitor.tab_to(lambda: visitor.focused("e.tagName === 'A' && e.innerText.includes('Tam Marlowe')"))
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Tam Marlowe")
    expect(page.get_by_role("region", name="Last seen")).to_contain_text(SEEN)
    expect(page.get_by_text("No sighting by a loaded agency since 11 April 2016.")).to_be_visible()
    assert "person=" in page.url
    page.reload()
    expect(page.locator("h1")).to_have_text("Tam Marlowe")
    assert visitor.faults == []


def test_the_network_follows_the_steps_and_every_file_can_be_taken_away(app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(f"{app}/child?person={TAM}")
    expect(drawing(page).locator("#mynetwork canvas")).to_be_visible()
    frame = next(one for one in page.frames if one.evaluate("() => typeof nodes !== 'undefined'"))
    wide = frame.evaluate("() => nodes.length")
    visitor.picture("child")
    page.get_by_role("radiogroup", name="Steps away").get_by_text("1", exact=True).click()
    expect(page.locator("iframe[title*=', 1 step, as at 20 July 2018']")).to_be_visible()
    expect(drawing(page).locator("#mynetwork canvas")).to_be_visible()
    frame = next(one for one in page.frames if one.evaluate("() => typeof nodes !== 'undefined'"))
    assert 1 < frame.evaluate("() => nodes.length") < wide
    drawing(page).get_by_role("button", name="Zoom in").click()
    for label, within in {
        "Download these rows (CSV)": "occurred_on", "Links (CSV)": "Evidence", "GraphML": "<graphml", "JSON": '"protected": 1',
    }.items():  # fmt: skip
        with page.expect_download() as waiting:
            page.get_by_role("button", name=label).click()
        assert within in saved(waiting.value)


def test_the_downloaded_history_has_the_rows_on_the_screen(app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(f"{app}/child?person={TAM}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download these rows (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(saved(waiting.value))))
    assert len(rows) == page.locator("ol.ls-history li:not(.ls-gap)").count() == 36
    assert waiting.value.suggested_filename == "history-2018-07-20.csv"


def test_a_downloaded_picture_opens_without_the_app(app: str, visitor: Any, tmp_path: Path) -> None:
    page = visitor.page
    visitor.open(f"{app}/child?person={TAM}")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Picture (HTML)").click()
    file = tmp_path / "picture.html"
    waiting.value.save_as(file)
    asked: list[str] = []
    page.unroute_all()
    page.on("request", lambda request: asked.append(request.url))
    page.goto(file.as_uri())
    expect(page.locator("#mynetwork canvas")).to_be_visible()
    expect(page.get_by_role("table")).to_have_count(2)
    assert page.title().startswith("Network round Tam Marlowe")
    page.screenshot(path=visitor.pictures / "picture.png", full_page=True)
    assert asked == [file.as_uri()]


def test_a_link_opens_the_child_as_the_day_it_says(either_app: str, visitor: Any) -> None:
    visitor.open(f"{either_app}/child?person={TAM}&as_at=2016-12-09")
    page = visitor.page
    expect(page.get_by_role("region", name="Last seen")).to_contain_text("Last seen 242 days ago, on 11 April 2016")
    expect(page.get_by_text("As at 9 December 2016.")).to_be_visible()


def test_the_day_is_kept_across_pages_and_can_be_set_back(app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(f"{app}/child?person={TAM}&as_at=2016-12-09")
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Questions").click()
    expect(page.locator("h1")).to_have_text("Questions")
    expect(page.get_by_text("As at 9 December 2016.")).to_be_visible()
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Of 4 children known on 9 December 2016: 0 listed here, 4 seen")).to_be_visible()
    page.get_by_role("button", name="Back to 20 July 2018").click()
    expect(page.get_by_text("Of 4 children known on 20 July 2018: 2 listed here, 2 seen")).to_be_visible()
    page.get_by_test_id("stSidebarNav").get_by_role("link", name="Child").click()
    expect(page.get_by_role("region", name="Last seen")).to_contain_text(SEEN)


def test_a_question_is_answered_and_a_row_opens_the_child(either_app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(f"{either_app}/questions?question=not_seen")
    page.get_by_role("button", name="Ask").click()
    expect(page.get_by_text("Of 4 children known on 20 July 2018: 2 listed here, 2 seen, 0 about whom")).to_be_visible()
    visitor.settled()
    visitor.picture("questions")
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)
    page.get_by_role("link", name="Open Tam Marlowe").click()
    expect(page.get_by_role("region", name="Last seen")).to_contain_text(SEEN)


def test_loads_tell_what_was_read(app: str, visitor: Any) -> None:
    visitor.open(f"{app}/loads")
    expect(visitor.page.get_by_text("Loads (23)")).to_be_visible()
    visitor.picture("loads")


def test_another_workspace_is_another_day_and_nobody_open(both_app: str, visitor: Any) -> None:
    page = visitor.page
    visitor.open(f"{both_app}/child?person={TAM}&workspace=larch-court&as_at=2016-12-09")
    expect(page.locator("h1")).to_have_text("Tam Marlowe")
    page.get_by_test_id("stSidebar").get_by_test_id("stSelectbox").locator("input").click()
    page.get_by_role("option").filter(has_text="onerror").click()
    expect(page.get_by_text("Find a child first")).to_be_visible()
    expect(page.get_by_text("As at 20 July 2018.")).to_be_visible()
    assert "workspace=hostile" in page.url
    assert "person=" not in page.url


def test_hostile_names_do_nothing_anywhere(hostile_app: str, visitor: Any) -> None:
    page = visitor.page
    for path in ("", f"/child?person={TAM}", "/questions?question=not_seen", "/loads"):
        visitor.open(f"{hostile_app}{path}")
        if not path:
            page.get_by_label("Name, birth date").fill("marlowe")
            page.keyboard.press("Enter")
            expect(page.get_by_role("link", name="onerror")).to_have_count(1)
        if "questions" in path:
            page.get_by_role("button", name="Ask").click()
            expect(page.get_by_text("listed here")).to_be_visible()
        if "child" in path:
            expect(page.locator("h1")).to_contain_text("<img src=x onerror=window.pwned=1>")
            canvas = drawing(page).locator("#mynetwork canvas")
            canvas.scroll_into_view_if_needed()
            frame = next(one for one in page.frames if one.evaluate("() => typeof nodes !== 'undefined'"))
            for x, y in frame.evaluate(PLACES):
                canvas.hover(position={"x": x, "y": y}, force=True)
                page.wait_for_timeout(160)
            visitor.picture("hostile")
        visitor.settled()
        for frame in page.frames:
            assert frame.evaluate("() => typeof window.pwned") == "undefined"
        assert page.locator("img[src='x'], img[src*='evil']").count() == 0
