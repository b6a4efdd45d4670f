"""Take the pictures of the console, the status page and the assistant that README.md shows.

python -m tests.bench.pictures docs/images
"""

import shutil
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from PIL import Image
from playwright.sync_api import Browser, Page, expect

from ops.embedded import embedded_service
from slo.maintenance import Maintenance
from status.components import Named, named_of
from status.edge.public_site import write_site
from status.measured import Measured, State
from status.notice import Impact, Kind, Notice, Stage, Update
from status.page import page_of as status_page_of
from status.words import TEMPLATES
from tests.support.browser import browsing, page_of
from tests.support.console_app import about_of, serving
from tests.support.prometheus_double import Rows, double, steady
from tests.support.status_pages import days

_LOOKS: Final = {
    "": ("light", {"width": 1280, "height": 1000}),
    "-dark": ("dark", {"width": 1280, "height": 1000}),
    "-phone": ("light", {"width": 400, "height": 860}),
    "-phone-dark": ("dark", {"width": 400, "height": 860}),
}
_SLOW_MS: Final = 60_000
_STEADY_SHARE: Final = 0.0002
_WEEK: Final = (
    "standup every weekday at 9:15", "dentist tomorrow at 17:00", "choir on Thursday at 19:30",
    "lunch with Ada on Friday at 12:30 in the canteen",
)  # fmt: skip


def pictures(
    browser: Browser, name: str, url: str, folder: Path, show: Callable[[Page], None]
) -> None:
    """Take a page in every look; `show` brings it to where it is worth a picture."""
    for look, (scheme, size) in _LOOKS.items():
        options: dict[str, Any] = {"color_scheme": scheme, "viewport": size}
        with page_of(browser, **options, timezone_id="Europe/Berlin", locale="en-GB") as seen:
            seen.goto(url)
            show(seen)
            path = folder / f"{name}{look}.png"
            seen.screenshot(path=path)
            with Image.open(path) as taken:
                taken.convert("RGB").quantize(128).save(path, optimize=True)


def spending(expression: str) -> Rows:
    """Return the steady service in a bad hour: one request in thirty fails."""
    worse = 155 if "[1h]" in expression or "[5m]" in expression else 1
    return [
        (labels, value * worse if value == _STEADY_SHARE else value)
        for labels, value in steady(expression)
    ]


def console(browser: Browser, folder: Path) -> None:
    """Take the console while an alert fires."""
    now = datetime.now(UTC)

    def alert(name: str, priority: str, severity: str, summary: str, more: str, ago: int) -> Any:
        return {
            "labels": {"alertname": name, "priority": priority, "severity": severity,
                       "team": "calendar", "service": "calendar-assistant"},
            "annotations": {"summary": summary, "description": more,
                            "runbook_url": f"https://runbooks.calendar.example/{name}.md",
                            "dashboard_url": "https://grafana.calendar.example/d/operations"},
            "startsAt": (now - timedelta(minutes=ago)).isoformat(),
            "status": {"state": "active"},
        }  # fmt: skip

    with TemporaryDirectory() as place, double(spending) as servers:
        servers.alerts = [
            alert("ErrorRateVeryHigh", "P1", "critical", "More than 10 % of requests fail.",
                  "Users see errors on most pages. Find out whether one route, one instance or "
                  "everything is concerned.", 13),
            alert("CacheHitRateLow", "P3", "warning",
                  "The cache answers less than 70 % of look-ups.", "", 131),
        ]  # fmt: skip
        about = about_of(
            Path(place), prometheus=servers.url, alertmanager=servers.url, logs=Path(place)
        )
        with serving(about, wait_s=60) as url:

            def live(seen: Page) -> None:
                expect(seen.locator("#link")).to_have_text("live", timeout=_SLOW_MS)

            pictures(browser, "console", url, folder, live)


def status(browser: Browser, folder: Path) -> None:
    """Take the status page during an incident."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    about = about_of(folder)
    named: Named = named_of(about.project, about.objectives, ["calendar_day"])
    first, *rest = [each.id for each in named.components]
    at = now - timedelta(minutes=20)

    def said(template: str) -> str:
        return TEMPLATES[template].format(what=named.components[0].name, next=30)

    open_one = Notice(
        "n1", Kind.INCIDENT, "Saving events fails", Impact.OUTAGE, (first,),
        (Update(at, Stage.INVESTIGATING, said("down")),
         Update(at + timedelta(minutes=15), Stage.IDENTIFIED, said("identified"))),
    )  # fmt: skip
    window = Maintenance(
        now + timedelta(days=2), now + timedelta(days=2, hours=1),
        "We move to faster machines. Reading works, saving pauses.", (first,),
    )  # fmt: skip
    measured = {first: Measured(State.OUTAGE, days(20))}
    measured |= {each: Measured(State.WORKS, days(0)) for each in rest}
    with TemporaryDirectory() as place:
        write_site(status_page_of(named, measured, [open_one], [window], now), Path(place))
        address = (Path(place) / "index.html").as_uri()
        pictures(browser, "status-page", address, folder, lambda _seen: None)


def assistant(browser: Browser, folder: Path) -> None:
    """Take the assistant's page with a doubtful sentence and a week."""
    with embedded_service() as service:

        def doubtful(seen: Page) -> None:
            expect(seen.locator("#app")).to_be_visible(timeout=_SLOW_MS)
            seen.fill("#sentence", "dentist next tuesday 5")
            expect(seen.locator("#others button").first).to_be_visible(timeout=_SLOW_MS)

        with page_of(browser, timezone_id="Europe/Berlin", locale="en-GB") as seen:
            seen.goto(service.url)
            for sentence in _WEEK:
                seen.fill("#sentence", sentence)
                seen.keyboard.press("Control+Enter")
                expect(seen.locator("#sentence")).to_have_value("", timeout=_SLOW_MS)
        pictures(browser, "assistant", service.url, folder, doubtful)


def main() -> None:
    """Take all of them."""
    folder = Path(sys.argv[1])
    with browsing(shutil.which("chromium") or "chromium") as browser:
        for take in (status, console, assistant):
            take(browser, folder)


if __name__ == "__main__":
    main()
