"""The public status page in a real browser, and what its files must hold."""

import json
import xml.etree.ElementTree as ET
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from status.edge.public_site import site_files, write_site
from status.measured import State
from status.page import Page
from tests.support.browser import DESK, PHONE, axe, overflows, page_of, reached, tab_to
from tests.support.sampling import quick
from tests.support.status_pages import MARKUP, NOW, RIGHT_TO_LEFT, incident, page

NOTICES = (
    incident("now", f"{MARKUP}\n{RIGHT_TO_LEFT}", ago=timedelta(minutes=20)),
    incident("past", "It was slow.", ago=timedelta(days=3), over=timedelta(days=2)),
)
BAD = page(*NOTICES, going=True)
LONG = tuple(
    incident(f"n{n}", "x" * 3_900, ago=timedelta(days=20, hours=5 * n + 2),
             over=timedelta(days=20, hours=5 * n))
    for n in range(40)
)  # fmt: skip
LOOKS = [(scheme, size) for scheme in ("dark", "light") for size in (PHONE, DESK)]


def opened(found: Page, folder: Path, name: str = "index.html") -> str:
    write_site(found, folder)
    return (folder / name).as_uri()


@pytest.mark.parametrize(
    ("scheme", "size"),
    quick(LOOKS, first=1),
)
@pytest.mark.thorough
def test_axe_finds_nothing_serious_and_nothing_is_wider_than_the_window(
    browser: Browser, tools: Path, tmp_path: Path, scheme: str, size: dict[str, int]
) -> None:
    sites = {
        "bad": BAD,
        "good": page(),
        "unseen": page(now=State.UNKNOWN),
        "long": page(*LONG),
        "planned": page(now=State.MAINTENANCE),
    }
    with page_of(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as seen:
        for site, found in sites.items():
            written = write_site(found, tmp_path / site)
            for path in (each for each in written if each.suffix == ".html"):
                seen.goto(path.as_uri())
                assert axe(seen, tools / "node_modules/axe-core/axe.min.js") == [], path
                assert not overflows(seen), path


@pytest.mark.thorough
def test_the_site_is_usable_by_keyboard_alone(browser: Browser, tmp_path: Path) -> None:
    with page_of(browser) as seen:
        seen.goto(opened(page(*LONG, *NOTICES, going=True), tmp_path))
        assert len(reached(seen)) >= 8
        seen.keyboard.press("Tab")
        assert seen.evaluate("document.activeElement.className") == "skip"
        tab_to(seen, "summary")
        seen.keyboard.press("Enter")
        assert "did not work for 25 minutes" in seen.locator("details[open]").inner_text()
        tab_to(seen, "a[href='history.html']")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/history.html")
        assert "Saving fails past" in seen.locator("main").inner_text()
        assert len(reached(seen)) >= 6
        tab_to(seen, "a[href='history-2.html']")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/history-2.html")
        assert seen.locator("article").count() > 0


def test_what_happens_is_told_and_markup_stays_text(browser: Browser, tmp_path: Path) -> None:
    with page_of(browser, java_script_enabled=True) as seen:
        seen.on("dialog", lambda dialog: pytest.fail(dialog.message))
        seen.goto(opened(BAD, tmp_path))
        assert seen.locator("h1").inner_text() == "Something does not work"
        assert MARKUP.split()[0] in seen.locator("main").inner_text()
        assert seen.locator("script, main img").count() == 0
        assert seen.locator("rect.outage").count() > 0
        seen.keyboard.press("Tab")
        assert seen.evaluate("document.activeElement.className") == "skip"
        seen.click("nav a:has-text('History')")
        assert "Saving fails past" in seen.locator("main").inner_text()


def test_every_state_has_words_for_people_and_a_badge() -> None:
    for state in State:
        files = site_files(page(now=state))
        assert "<script" not in files["index.html"].replace("&lt;script", "")
        badge = ET.fromstring(files["badges/all.svg"])  # noqa: S314 -- ours
        assert badge.tag.endswith("svg")
    assert "We cannot see how things are" in site_files(page(now=State.UNKNOWN))["index.html"]


def test_the_page_for_programs_says_what_the_page_says() -> None:
    found = json.loads(site_files(BAD)["status.json"])
    assert found["state"] == "outage"
    assert [len(each["days"]) for each in found["components"]] == [90, 90, 90]
    assert found["notices"][0]["updates"][0]["text"].startswith("<script>")


@pytest.mark.thorough
def test_the_feed_is_atom_with_ids_that_stay(tmp_path: Path) -> None:
    before = page(incident("now", "bad \x00\x0b\ud800 bytes", ago=timedelta(minutes=9)))
    after = page(incident("now", "bad bytes", ago=timedelta(minutes=9), over=timedelta(minutes=1)))
    ids = []
    for found in (before, after):
        (tmp_path / "feed").write_text(site_files(found)["feed.atom"], encoding="utf-8")
        feed = ET.parse(tmp_path / "feed").getroot()  # noqa: S314 -- ours
        space = {"a": "http://www.w3.org/2005/Atom"}
        assert feed.tag == "{http://www.w3.org/2005/Atom}feed"
        assert all(
            entry.find(f"a:{name}", space) is not None
            for entry in feed.findall("a:entry", space)
            for name in ("id", "title", "updated")
        )
        ids.append([each.text for each in feed.findall("a:entry/a:id", space)])
    assert ids[0] == ids[1]
    assert len(set(ids[0])) == len(ids[0])


def test_ninety_days_of_many_notices_stay_within_200_kb_a_page() -> None:
    many = [
        incident(f"n{number}", "x" * 3_900, ago=timedelta(hours=5 * number + 2),
                 over=timedelta(hours=5 * number))
        for number in range(400)
    ]  # fmt: skip
    files = site_files(page(*many))
    pages = [text for name, text in files.items() if name.endswith(".html")]
    assert len(pages) > 5
    assert max(len(text.encode()) for text in pages) < 200_000


@pytest.mark.thorough
def test_a_measured_outage_is_told_of_until_somebody_announces_it() -> None:
    assert "We measure a disturbance" in site_files(page(going=True))["index.html"]
    told = page(incident("now", "We look into it.", ago=timedelta(minutes=20)), going=True)
    assert "We measure a disturbance" not in site_files(told)["index.html"]
    assert told.state is State.OUTAGE
    late = page(incident("old", "x", ago=timedelta(days=9), over=timedelta(days=8)), going=True)
    assert late.unannounced
    assert late.made == NOW
