"""The console in a real browser, on servers that answer, hang, lie and carry markup."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, expect

from console.edge.about import About
from status.edge.notices import write_notice
from tests.compat.frozen import RELEASES
from tests.support.browser import DESK, PHONE, axe, overflows, page_of, reached, tab_to
from tests.support.console_app import about_of, serving
from tests.support.prometheus_double import Double, double
from tests.support.status_pages import incident

MARKUP = '<img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>'
TOKEN = "sixteen-letters-or-more"
SILENCE = {
    "status": {"state": "active"}, "comment": MARKUP, "createdBy": MARKUP,
    "matchers": [{"name": MARKUP, "value": MARKUP}], "endsAt": "never",
}  # fmt: skip
RIGHT_TO_LEFT = "\u202eنعمل على ذلك \ud800"
LOAD = ("20261129T165741-pass-8d5e", "20261129T165833-pass-4538")
VOID = "20261129T170921-void-d457"
PAGES = (
    "/", "/objectives", "/objectives/availability", "/alerts", "/runs", "/runs/load",
    "/runs/golden", "/runs/drill", "/runs/golden/history", f"/runs/load/{LOAD[0]}",
    "/runs/golden/20261129T165339-golden", "/runs/drill/20261129T164451-redis-lost",
    f"/runs/compare?before={LOAD[0]}&after={LOAD[1]}",
    f"/runs/compare?before={LOAD[0]}&after={VOID}", "/runbooks/ServiceDown", "/logs", "/nowhere",
    "/runs/load/99999999T000000-broken",
)  # fmt: skip


def alert(name: str, severity: str = "critical", summary: str = "It fails.", **more: str) -> Any:
    began = datetime.now(UTC) - timedelta(minutes=12)
    return {
        "labels": {
            "alertname": name, "severity": severity, "priority": "P1",
            "service": "calendar-assistant", "team": "calendar", **more,
        },
        "annotations": {
            "summary": summary,
            "runbook_url": f"https://runbooks.calendar.example/{name}.md",
            "dashboard_url": "javascript:alert(1)",
        },
        "startsAt": began.isoformat(),
        "status": {"state": "active"},
    }  # fmt: skip


@pytest.fixture(scope="module")
def servers() -> Iterator[Double]:
    with double() as found:
        yield found


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    shutil.copytree(RELEASES[0] / "runs", folder, dirs_exist_ok=True)
    (folder / "load" / "99999999T000000-broken.json").write_text('{"schema": "calendar-sre/load')
    newest = max(path for path in (folder / "load").glob("*.json") if "broken" not in path.name)
    record = json.loads(newest.read_text())
    record["id"] = "99999998T000000-x"
    record["config"]["profile"]["name"] = f"{MARKUP}{RIGHT_TO_LEFT}"
    (folder / "load" / "99999998T000000-x.json").write_text(json.dumps(record))
    (folder / "report").mkdir()
    (folder / "report" / "locust.html").write_text(f"<html>{MARKUP}</html>")
    (folder / "backtest").mkdir()
    total = {"precision": 0.97, "recall": 1.0, "false_pages": 1, "median_page_s": 130.0}
    scores = {"schema": "calendar-sre/backtest/v1", "verdict": "FAIL", "total": total}
    (folder / "backtest" / "newest.json").write_text(json.dumps(scores))
    now = datetime.now(UTC)
    told = incident("n1", MARKUP, ago=timedelta(hours=3), over=timedelta(hours=2))
    write_notice(folder / "status", replace(told, title=MARKUP))
    (folder / "logs").mkdir()
    line = {"timestamp": now.isoformat(), "level": "error", "event": MARKUP, "request_id": "r1"}
    (folder / "logs" / "calendar-api-errors.log").write_text(json.dumps(line) + "\n{broken\n")
    return folder


def about_all(runs: Path, servers: Double) -> About:
    """Return what a console is about that has something of everything."""
    return about_of(
        runs,
        prometheus=servers.url,
        alertmanager=servers.url,
        logs=runs / "logs",
        backups=RELEASES[0] / "backup",
    )


@pytest.fixture
def console(servers: Double, runs: Path) -> Iterator[str]:
    """Give a console of the test's own: one shared keeps its answers young across tests."""
    with serving(about_all(runs, servers)) as url:
        yield url


@pytest.fixture(autouse=True)
def quiet(servers: Double) -> Iterator[None]:
    servers.alerts, servers.silences = [], []
    yield
    servers.hangs.clear()


@pytest.mark.thorough
@pytest.mark.parametrize("size", [PHONE, DESK])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(
    browser: Browser,
    tools: Path,
    console: str,
    servers: Double,
    runs: Path,
    scheme: str,
    size: dict[str, int],
) -> None:
    servers.alerts = [alert("ServiceDown", summary=MARKUP), alert("CacheHitRateLow", "warning")]
    servers.silences = [SILENCE]
    checker = tools / "node_modules/axe-core/axe.min.js"
    with page_of(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as seen:
        for path in PAGES:
            seen.goto(console + path)
            assert axe(seen, checker) == [], path
            assert not overflows(seen), path
    about = about_of(runs)  # nothing is named: every part says that it has no data
    with (
        serving(about, token=TOKEN) as url,
        page_of(browser, viewport=size, color_scheme=scheme, bypass_csp=True) as seen,
    ):
        seen.goto(url)
        seen.fill("#token", "a wrong one")
        seen.keyboard.press("Enter")
        expect(seen.locator("[role=alert]")).to_be_visible()
        assert axe(seen, checker) == []
        assert len(reached(seen)) >= 6
        seen.fill("#token", TOKEN)
        seen.keyboard.press("Enter")
        expect(seen.locator("#h-alerts")).to_be_visible()
        for path in ("/", "/objectives/availability", "/alerts", "/logs"):
            seen.goto(url + path)
            assert "No data" in seen.locator("main").inner_text()
            assert axe(seen, checker) == [], path
            assert not overflows(seen), path


@pytest.mark.thorough
def test_an_alert_comes_live_with_its_runbook_and_goes_again(
    browser: Browser, servers: Double, runs: Path
) -> None:
    about = about_of(runs, prometheus=servers.url, alertmanager=servers.url)
    with serving(about) as url, page_of(browser) as seen:
        seen.goto(url)
        expect(seen.locator("h1")).to_contain_text("Nothing is wrong", timeout=60_000)
        servers.alerts = [alert("ServiceDown", summary="No instance answers.")]
        expect(seen.locator("h1")).to_contain_text("No instance answers.", timeout=60_000)
        assert seen.title().startswith("Bad")
        link = seen.locator("article a", has_text="published")
        assert link.get_attribute("href") == "https://runbooks.calendar.example/ServiceDown.md"
        assert seen.locator("a[href^='javascript']").count() == 0
        servers.alerts = []
        expect(seen.locator("h1")).to_contain_text("Nothing is wrong", timeout=60_000)


@pytest.mark.thorough
def test_every_page_is_usable_by_keyboard_alone(
    browser: Browser, console: str, servers: Double
) -> None:
    servers.alerts = [alert("ServiceDown"), alert("CacheHitRateLow", "warning")]
    with page_of(browser) as seen:
        for path in PAGES:
            answer = seen.goto(console + path)
            assert answer is not None
            assert len(answer.body()) < 200_000, path
            assert len(reached(seen)) >= 6, path
        seen.goto(console)
        seen.keyboard.press("Tab")
        assert seen.evaluate("document.activeElement.textContent") == "To the content"
        seen.keyboard.press("Enter")
        tab_to(seen, "#slo-availability")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/objectives/availability")
        assert seen.locator("figure svg.chart").count() == 2
        assert "pages after" in seen.locator("main").inner_text()
        tab_to(seen, "nav a[href='/runs']")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/runs")
        tab_to(seen, "a[href='/runs/load']")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/runs/load")
        tab_to(seen, "#before")
        seen.keyboard.press("ArrowDown")
        chosen = seen.input_value("#before")
        tab_to(seen, "form button")
        seen.keyboard.press("Enter")
        seen.wait_for_url("**/runs/compare?*")
        assert f"before={chosen}" in seen.url


@pytest.mark.thorough
def test_markup_in_labels_titles_and_records_is_never_executed(
    browser: Browser, console: str, servers: Double
) -> None:
    servers.alerts = [alert(MARKUP, summary=RIGHT_TO_LEFT, route=MARKUP), alert(RIGHT_TO_LEFT)]
    servers.silences = [SILENCE]
    with page_of(browser) as seen:
        for path in (
            "/alerts", "/", "/runs", "/runs/load", "/runs/load/99999998T000000-x", "/logs",
            f"/objectives/{quote(MARKUP.replace('/', ''))}",
        ):  # fmt: skip
            seen.goto(console + path)
            assert "owned" not in seen.title()
            assert seen.locator("main img, main script").count() == 0
            assert "<img src=x" in seen.locator("main").inner_text(), path


@pytest.mark.thorough
def test_ten_thousand_alerts_are_a_page_that_says_how_many_there_are(
    browser: Browser, console: str, servers: Double
) -> None:
    servers.alerts = [
        alert(f"Alert{n % 50}", "critical" if n == 9_999 else "info", "x" * 900, route=f"/{n}")
        for n in range(10_000)
    ]
    with page_of(browser) as seen:
        for path in ("/", "/alerts"):
            answer = seen.goto(console + path)
            assert answer is not None
            assert len(answer.body()) < 200_000
            assert "10,000" in seen.locator("main").inner_text()
            assert "Alert49" in seen.locator("article.alert").first.inner_text()


@pytest.mark.thorough
def test_a_broken_record_is_told_of_and_hides_no_other(browser: Browser, console: str) -> None:
    with page_of(browser) as seen:
        seen.goto(f"{console}/runs/load")
        assert "99999999T000000-broken.json" in seen.locator(".problem").first.inner_text()
        assert seen.locator("tbody tr").count() > 5
        seen.select_option("#before", LOAD[0])
        seen.select_option("#after", LOAD[1])
        seen.click("form button")
        assert seen.locator("h1").inner_text() == f"{LOAD[0]} and {LOAD[1]}"
        seen.goto(f"{console}/runs/compare?before={LOAD[0]}&after={VOID}")
        assert seen.locator("h1").inner_text() == "These two cannot be compared"
        assert "is void" in seen.locator("main").inner_text()


@pytest.mark.thorough
def test_a_report_of_others_is_given_away_and_never_shown(browser: Browser, console: str) -> None:
    with page_of(browser) as seen:
        seen.goto(f"{console}/runs")
        with seen.expect_download() as given:
            seen.click("a:has-text('locust.html')")
        assert given.value.suggested_filename == "locust.html"
        answer = seen.request.get(f"{console}/files/report/locust.html")
        assert answer.headers["content-security-policy"].startswith("sandbox")
        assert "attachment" in answer.headers["content-disposition"]
        assert seen.request.get(f"{console}/files/../../etc/passwd").status == 404


@pytest.mark.thorough
def test_a_source_that_hangs_costs_its_part_only(browser: Browser, runs: Path) -> None:
    with double() as slow:
        slow.hangs.set()
        about = about_of(runs, prometheus=slow.url)
        with serving(about, wait_s=3) as url, page_of(browser) as seen:
            seen.goto(url)
            assert "Not known" in seen.locator("h1").inner_text()
            assert "no answer within 3 s" in seen.locator("main").inner_text()
            seen.goto(f"{url}/runs")
            assert "sre load run void" in seen.locator("main").inner_text()
            slow.hangs.clear()
            slow.released.set()
            seen.goto(url)
            expect(seen.locator("#h-slo + .grid")).to_be_visible(timeout=60_000)


@pytest.mark.thorough
def test_a_page_survives_a_restart_of_the_console(
    browser: Browser, servers: Double, runs: Path
) -> None:
    about = about_of(runs, prometheus=servers.url, alertmanager=servers.url)
    with page_of(browser) as seen:
        with serving(about) as url:
            seen.goto(url)
            expect(seen.locator("#link")).to_have_text("live", timeout=60_000)
        expect(seen.locator("#link")).to_contain_text("no connection", timeout=60_000)
        assert "Nothing is wrong" in seen.locator("h1").inner_text()
        with serving(about, port=int(url.rsplit(":", 1)[1])):
            expect(seen.locator("#link")).to_have_text("live", timeout=60_000)


@pytest.mark.thorough
def test_a_token_becomes_a_cookie_and_is_in_no_address(
    browser: Browser, servers: Double, runs: Path
) -> None:
    about = about_of(runs, prometheus=servers.url)
    with serving(about, token=TOKEN) as url, page_of(browser) as seen:
        visited: list[str] = []
        seen.on("request", lambda request: visited.append(request.url))
        seen.goto(f"{url}/alerts")
        assert seen.url.endswith("/login")
        seen.fill("#token", "a wrong one")
        seen.keyboard.press("Enter")
        expect(seen.locator("[role=alert]")).to_contain_text("not the token")
        seen.fill("#token", TOKEN)
        seen.keyboard.press("Enter")
        expect(seen.locator("#h-alerts")).to_be_visible()
        (cookie,) = seen.context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Strict")
        assert "sixteen" not in cookie["value"]
        assert not any("sixteen" in address or "wrong" in address for address in visited)
        seen.click("text=Log out")
        assert seen.url.endswith("/login")


def test_another_site_can_neither_read_nor_frame_the_console(
    browser: Browser, console: str
) -> None:
    reached = threading.Event()
    with page_of(browser) as seen:
        seen.on("response", lambda r: reached.set() if r.url == f"{console}/" and r.ok else None)
        seen.route(
            "https://evil.example/",
            lambda route: route.fulfill(
                content_type="text/html",
                body=f"<iframe src='{console}/'></iframe><script src='{console}/static/console.js'>"
                f"</script><img src='{console}/alerts'>",
            ),
        )
        seen.goto("https://evil.example/")
        read = seen.evaluate(f"fetch('{console}/').then(r => r.text()).catch(e => 'refused')")
        assert read == "refused"
        assert not reached.is_set()
        assert all("Alerts" not in frame.content() for frame in seen.frames[1:])
