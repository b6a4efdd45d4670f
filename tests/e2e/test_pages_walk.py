"""An outage that is made, seen in the console, told on the status page, and its end on both.

Everything is real: service, MongoDB, Redis, prober, Prometheus with the shipped rules, Alertmanager
and chromium.
"""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, expect
from testcontainers.core.network import Network

from sre.running import run
from tests.support.assistant import ADMIN_KEY, prober_spec, scrape_job, service_spec
from tests.support.browser import page_of
from tests.support.console_app import about_of, serving
from tests.support.container import Server
from tests.support.databases import MONGODB, REDIS
from tests.support.monitoring import alertmanager_spec, everything_to, open_job, prometheus_spec
from tests.support.waiting import wait_for

pytestmark = pytest.mark.thorough
ROOT: Final = Path(__file__).parents[2]
SLOW_MS: Final = 300_000
LOGS: Final = "/tmp/logs"  # noqa: S108 -- in a container of the test's own
Start = Callable[..., Server]


@dataclasses.dataclass(frozen=True)
class Stack:
    """The servers of the walk, by what the test does with them."""

    mongodb: Server
    service: Server
    prometheus: Server
    alertmanager: Server

    def url(self, name: str) -> str:
        server: Server = getattr(self, name)
        return f"http://{server.host}:{server.port}"


@pytest.fixture
def stack(private_network: Network, start_private: Start) -> Stack:
    def begin(spec: Any, alias: str) -> Server:
        return start_private(spec, network=private_network, alias=alias)

    mongodb = begin(MONGODB, "mongodb")
    begin(REDIS, "redis")
    kept = {"CALENDAR_LOG_DIR": LOGS}
    service = begin(service_spec(mongodb="mongodb", redis="redis", settings=kept), "api")
    begin(prober_spec(target="http://api:8000"), "prober")
    alertmanager = begin(
        alertmanager_spec(everything_to("http://127.0.0.1:9/none")), "alertmanager"
    )
    rules = {"calendar.yaml": (ROOT / "alerts/generated/calendar.yaml").read_text()}
    spec = prometheus_spec(
        rules,
        scrapes=[scrape_job("api:8000"), open_job("prober", "prober:9115")],
        alertmanagers=["alertmanager:9093"],
        interval="5s",
    )
    return Stack(mongodb, service, begin(spec, "prometheus"), alertmanager)


def test_an_outage_is_seen_in_the_console_and_told_on_the_status_page_and_so_is_its_end(
    browser: Browser, stack: Stack, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    site = tmp_path / "site"
    prometheus = ["--prometheus", stack.url("prometheus")]

    def built() -> str:
        run(["status", "build", "--out", str(site), *prometheus])
        return (site / "index.html").read_text()

    about = about_of(
        tmp_path / "runs",
        prometheus=stack.url("prometheus"),
        alertmanager=stack.url("alertmanager"),
        logs=tmp_path,
        notices=tmp_path / "runs" / "status",
    )
    with serving(about, wait_s=20) as url, page_of(browser) as console, page_of(browser) as status:
        wait_for(lambda: "Everything works" in built() or "We cannot see" not in built(),
                 what="the page measures", within_s=60)  # fmt: skip
        console.goto(url)
        expect(console.locator("#h-slo + .grid .slo").first).to_be_visible(timeout=SLOW_MS)

        stack.mongodb.stop()
        alert = console.locator("article", has_text="DatabaseConnectionLost")
        expect(alert.first).to_be_visible(timeout=SLOW_MS)
        assert "Bad" in console.title()
        links = {each.inner_text(): each.get_attribute("href") for each in alert.locator("a").all()}
        assert str(links["Its published page"]).endswith("/DatabaseConnectionLost.md")
        assert "/logs?since=" in str(links["Log lines"])
        code, lines = stack.service.run("cat", f"{LOGS}/calendar-api-errors.log")
        assert code == 0, lines
        (tmp_path / "calendar-api-errors.log").write_text(lines)
        alert.locator("a", has_text="Log lines").click()
        expect(console.locator("h1")).to_have_text("Errors in the log")
        assert console.locator("details").count() > 0
        console.goto(f"{url}/runbooks/DatabaseConnectionLost")
        expect(console.locator("h1")).to_have_text("DatabaseConnectionLost")

        wait_for(lambda: "We measure a disturbance" in built(), what="the outage is measured",
                 within_s=200)  # fmt: skip
        assert run(["status", "announce", "Saving and finding events fails", "--template", "down",
                    "--component", "Using the calendar", "--impact", "outage"]) == 0  # fmt: skip
        built()
        status.goto((site / "index.html").as_uri())
        assert status.locator("h1").inner_text() == "Something does not work"
        assert "Saving and finding events fails" in status.locator("main").inner_text()
        for secret in ("mongodb", "calendar-api", "8000", "prober"):
            assert secret not in (site / "index.html").read_text().lower()

        stack.mongodb.start()
        console.goto(url)
        expect(alert).to_have_count(0, timeout=2 * SLOW_MS)
        assert run(["status", "resolve"]) == 0
        wait_for(lambda: "does not work</p>" not in built().lower(), what="the end is measured",
                 within_s=200)  # fmt: skip
        status.goto((site / "index.html").as_uri())
        assert "Working again" in status.locator("#past ~ *").first.inner_text()
        assert status.locator(".banner.outage").count() == 0
        assert ADMIN_KEY not in console.content()
