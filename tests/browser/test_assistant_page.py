"""The assistant's own page in a real browser, on a service with a real MongoDB behind it."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import DESK, PHONE, axe, overflows, page_of, reached, tab_to
from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database
from tests.support.service_process import RunningService, running_service

KEY = "the-key-of-the-page-test"
WAIT_MS = 60_000
SENTENCE = "lunch with Ada tomorrow at 12:30 in the canteen"
MARKUP = "<img src=x onerror=\"document.title='owned'\">"


@pytest.fixture(scope="module")
def service(mongodb_server: Server) -> Iterator[RunningService]:
    with fresh_mongodb_database(mongodb_server) as url, running_service(url) as found:
        yield found


@pytest.fixture
def seen(browser: Browser, service: RunningService) -> Iterator[Page]:
    with page_of(browser, timezone_id="Europe/Berlin", locale="en-GB") as page:
        page.set_default_timeout(WAIT_MS)
        page.goto(service.url)
        expect(page.locator("#app")).to_be_visible(timeout=WAIT_MS)
        yield page


def typed(page: Page, text: str) -> None:
    page.fill("#sentence", text)
    expect(page.locator("#reading")).to_contain_text("Read:", timeout=WAIT_MS)


@pytest.mark.parametrize(
    ("scheme", "size"),
    [("light", PHONE), *(pytest.param(s, z, marks=pytest.mark.thorough) for s, z in
                         (("light", DESK), ("dark", PHONE), ("dark", DESK)))],
)  # fmt: skip
@pytest.mark.thorough
def test_axe_finds_nothing_serious_before_and_after_a_sentence(
    browser: Browser, tools: Path, service: RunningService, scheme: str, size: dict[str, int]
) -> None:
    script = tools / "node_modules/axe-core/axe.min.js"
    with page_of(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as page:
        page.goto(service.url)
        expect(page.locator("#app")).to_be_visible(timeout=WAIT_MS)
        assert axe(page, script) == []
        typed(page, "dentist next tuesday 5")
        page.click("#correct")
        page.click("#free button")
        page.click("#subscribe")
        expect(page.locator("#slots button").first).to_be_visible(timeout=WAIT_MS)
        expect(page.locator("#addresses li").first).to_be_visible(timeout=WAIT_MS)
        assert axe(page, script) == []
        assert not overflows(page)
        page.locator("#correction").evaluate("(form) => form.requestSubmit()")
        expect(page.locator("#outcome")).to_contain_text("Saved", timeout=WAIT_MS)
        expect(page.locator("#week li li").first).to_be_visible(timeout=WAIT_MS)
        assert axe(page, script) == []
        page.route("**/events?*", lambda route: route.fulfill(status=401, json={"title": "no"}))
        page.reload()
        expect(page.locator("#gate")).to_be_visible(timeout=WAIT_MS)
        assert axe(page, script) == []
        assert not overflows(page)


def test_a_sentence_is_saved_seen_in_the_week_and_taken_back_by_keyboard_alone(
    seen: Page, service: RunningService
) -> None:
    assert seen.evaluate("document.activeElement.id") == "sentence"
    seen.keyboard.type(SENTENCE)
    expect(seen.locator("#facts")).to_contain_text("12:30", timeout=WAIT_MS)
    assert "Ada" in seen.locator("#facts").inner_text()
    assert seen.locator("#words mark").count() >= 3
    seen.keyboard.press("Control+Enter")
    expect(seen.locator("#outcome")).to_contain_text("Saved", timeout=WAIT_MS)
    expect(seen.locator("#week")).to_contain_text("12:30", timeout=WAIT_MS)
    listed = service.ask("GET", "/events").json()["events"]
    (kept,) = [each for each in listed if each["location"] == "the canteen"]
    assert kept["start"].endswith(("T12:30:00+01:00", "T12:30:00+02:00"))
    for _ in range(12):
        seen.keyboard.press("Tab")
        if seen.evaluate("document.activeElement.id") == "undo":
            break
    seen.keyboard.press("Enter")
    expect(seen.locator("#outcome")).to_contain_text("Taken back", timeout=WAIT_MS)
    assert service.ask("GET", f"/events/{kept['id']}").status_code == 404


@pytest.mark.thorough
def test_everything_on_the_page_is_usable_by_keyboard_alone(seen: Page) -> None:
    typed(seen, "dentist next tuesday 5")
    assert len(reached(seen)) >= 14
    tab_to(seen, "#correct")
    seen.keyboard.press("Enter")
    assert seen.evaluate("document.activeElement.id") == "c-title"
    seen.keyboard.press("Control+A")
    seen.keyboard.type("Dentist by keyboard")
    reached(seen)
    tab_to(seen, "#correction button")
    seen.keyboard.press("Enter")
    expect(seen.locator("#outcome")).to_contain_text("Saved: Dentist by keyboard", timeout=WAIT_MS)
    tab_to(seen, "#after")
    week = seen.locator("#week-status").inner_text()
    seen.keyboard.press("Enter")
    expect(seen.locator("#week-status")).not_to_have_text(week, timeout=WAIT_MS)
    tab_to(seen, "#free button")
    seen.keyboard.press("Enter")
    expect(seen.locator("#slots button").first).to_be_visible(timeout=WAIT_MS)
    tab_to(seen, "#slots button")
    seen.keyboard.press("Enter")
    assert seen.evaluate("document.activeElement.id") == "sentence"
    tab_to(seen, "#subscribe")
    seen.keyboard.press("Enter")
    expect(seen.locator("#made")).to_be_visible(timeout=WAIT_MS)
    assert seen.evaluate("document.activeElement.id") == "address"
    reached(seen)


@pytest.mark.thorough
def test_a_secret_address_is_made_read_and_ended_on_the_page(
    seen: Page, service: RunningService
) -> None:
    typed(seen, "choir tomorrow at 19:30")
    seen.click("#save")
    expect(seen.locator("#outcome")).to_contain_text("Saved", timeout=WAIT_MS)
    before = seen.locator("#addresses li").count()
    seen.click("#subscribe")
    expect(seen.locator("#made")).to_be_visible(timeout=WAIT_MS)
    address = seen.input_value("#address")
    assert str(seen.locator("#webcal").get_attribute("href")).startswith("webcal://")
    expect(seen.locator("#addresses li")).to_have_count(before + 1, timeout=WAIT_MS)
    assert "choir" in service.client.get(address).text.casefold()
    seen.reload()
    expect(seen.locator("#addresses li")).to_have_count(before + 1, timeout=WAIT_MS)
    assert address.rpartition("/")[2] not in seen.content()
    seen.locator("#addresses button").last.click()
    expect(seen.locator("#subscribe-status")).to_contain_text("Ended", timeout=WAIT_MS)
    assert service.client.get(address).status_code == 404


@pytest.mark.thorough
def test_an_address_that_is_shown_this_once_stays_while_another_is_ended(seen: Page) -> None:
    before = seen.locator("#addresses li").count()
    for number in (1, 2):
        seen.click("#subscribe")
        expect(seen.locator("#addresses li")).to_have_count(before + number, timeout=WAIT_MS)
    address = seen.input_value("#address")
    seen.locator("#addresses button").nth(before).click()
    expect(seen.locator("#addresses li")).to_have_count(before + 1, timeout=WAIT_MS)
    expect(seen.locator("#made")).to_be_visible(timeout=WAIT_MS)
    assert seen.input_value("#address") == address
    seen.locator("#addresses button").nth(before).click()
    expect(seen.locator("#made")).to_be_hidden(timeout=WAIT_MS)


def test_what_is_saved_is_what_stands_there_and_not_what_was_read_before(seen: Page) -> None:
    typed(seen, "tennis tomorrow at 9")
    seen.fill("#sentence", "tennis tomorrow at 15:45")
    seen.locator("#save").evaluate("(button) => button.click()")
    expect(seen.locator("#outcome")).to_contain_text("15:45", timeout=WAIT_MS)


def test_a_correction_becomes_feedback_with_the_sentence(
    seen: Page, service: RunningService
) -> None:
    typed(seen, "dentist tomorrow at 10:30")
    seen.click("#correct")
    seen.fill("#c-title", "Dentist, upper left")
    seen.fill("#c-location", "Main Street 4")
    seen.click("#correction button")
    expect(seen.locator("#outcome")).to_contain_text("Saved: Dentist, upper left", timeout=WAIT_MS)
    (said,) = [
        each
        for each in service.ask("GET", "/feedback").json()["feedback"]
        if each.get("sentence", {}).get("text") == "dentist tomorrow at 10:30"
    ]
    assert said["correction"]["title"] == "Dentist, upper left"
    assert said["correction"]["location"] == "Main Street 4"
    assert "start" not in said["correction"]


def test_another_reading_can_be_clicked(seen: Page) -> None:
    typed(seen, "dentist next tuesday 5")
    before = seen.locator("#facts dd").nth(1).inner_text()
    expect(seen.locator("#doubts li").first).to_be_visible()
    seen.locator("#others button").first.click()
    assert seen.locator("#facts dd").nth(1).inner_text() != before


def test_typing_never_queues_requests(seen: Page) -> None:
    asked: list[str] = []
    at_once = 0
    flying = 0

    def begun(request: object) -> None:
        nonlocal flying, at_once
        if str(getattr(request, "url", "")).endswith("/parse"):
            asked.append("parse")
            flying += 1
            at_once = max(at_once, flying)

    def over(request: object) -> None:
        nonlocal flying
        if str(getattr(request, "url", "")).endswith("/parse"):
            flying -= 1

    seen.on("request", begun)
    seen.on("requestfinished", over)
    seen.on("requestfailed", over)
    text = "coffee with Bob on Friday at three in the garden"
    seen.locator("#sentence").press_sequentially(text, delay=2)
    expect(seen.locator("#facts")).to_contain_text("coffee", timeout=WAIT_MS)
    expect(seen.locator("#words")).to_contain_text("garden", timeout=WAIT_MS)
    assert at_once == 1
    assert len(asked) < len(text) / 3


def test_markup_and_right_to_left_stay_text(seen: Page) -> None:
    typed(seen, f"{MARKUP} tomorrow at 9")
    seen.click("#save")
    expect(seen.locator("#outcome")).to_contain_text("Saved", timeout=WAIT_MS)
    typed(seen, "اجتماع tomorrow at 11:00")
    assert seen.title() == "Calendar assistant"
    assert seen.locator("main img").count() == 0


@pytest.mark.thorough
def test_files_go_in_and_out_and_a_free_time_begins_an_event(seen: Page, tmp_path: Path) -> None:
    begin = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y%m%dT160000Z")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//t//t//EN", "BEGIN:VEVENT", "UID:u1@t",
             "DTSTAMP:20260101T000000Z", f"DTSTART:{begin}", f"SUMMARY:From a file {MARKUP}",
             "END:VEVENT", "END:VCALENDAR", ""]  # fmt: skip
    (tmp_path / "in.ics").write_text("\r\n".join(lines))
    seen.set_input_files("#file", tmp_path / "in.ics")
    seen.click("#import button")
    expect(seen.locator("#files-status")).to_contain_text("New: 1", timeout=WAIT_MS)
    with seen.expect_download() as given:
        seen.click("#export")
    assert "From a file" in Path(given.value.path()).read_text()
    seen.click("#free button")
    seen.locator("#slots button").first.click()
    expect(seen.locator("#facts")).to_contain_text("Meeting", timeout=WAIT_MS)


@pytest.mark.thorough
def test_with_keys_the_page_asks_for_one_and_puts_it_in_no_address(
    browser: Browser, mongodb_url: str
) -> None:
    with running_service(mongodb_url, auth="on", admin_key=KEY) as locked:
        with page_of(browser) as page:
            visited: list[str] = []
            page.on("request", lambda request: visited.append(request.url))
            page.goto(locked.url)
            expect(page.locator("#gate")).to_be_visible(timeout=WAIT_MS)
            page.fill("#key", "a-wrong-key")
            page.keyboard.press("Enter")
            expect(page.locator("#key-problem")).not_to_be_empty(timeout=WAIT_MS)
            page.fill("#key", KEY)
            page.keyboard.press("Enter")
            expect(page.locator("#app")).to_be_visible(timeout=WAIT_MS)
            assert not any("key" in address for address in visited)
            assert page.evaluate("document.cookie") == ""
        asked = ["probe", "once", "--browser", "--target", locked.url, "--timeout", "60", "--json"]
        told = subprocess.run(
            [sys.executable, "-m", "sre", *asked],
            env={**os.environ, "SRE_API_KEYS": KEY},
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        walked = [each["journey"] for each in json.loads(told.stdout)["journeys"]]
        assert walked == ["calendar_day", "assistant_page"]
        headers = {"Authorization": f"Bearer {KEY}"}
        assert locked.client.get(f"{locked.url}/events", headers=headers).json()["events"] == []


def test_a_service_that_goes_away_keeps_what_was_typed(browser: Browser, mongodb_url: str) -> None:
    with running_service(mongodb_url) as service, page_of(browser) as page:
        page.goto(service.url)
        expect(page.locator("#app")).to_be_visible(timeout=WAIT_MS)
        typed(page, SENTENCE)
        service.stop()
        page.click("#save")
        expect(page.locator("#outcome")).to_contain_text("does not answer", timeout=WAIT_MS)
        assert page.input_value("#sentence") == SENTENCE
        service.start()
        page.click("#save")
        expect(page.locator("#outcome")).to_contain_text("Saved", timeout=WAIT_MS)
