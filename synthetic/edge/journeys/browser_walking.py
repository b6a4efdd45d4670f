"""Walk a journey in a real browser: the chromium of this machine, without a window."""

import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from kit.edge.browser import browser
from kit.edge.target import Access, addressed
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.fields import read_toml
from slo.project.project import Project
from slo.project.reading import inside
from synthetic.edge.journeys.prober import ProbeResult
from synthetic.steps.browser import BrowserJourney, BrowserStep, read_browser_journey

_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
_INSTEAD: Final = "leave --browser out"
_AWAY: Final = ("ERR_CONNECTION", "ERR_NAME_NOT", "ERR_ADDRESS", "ERR_TIMED_OUT", "ERR_EMPTY")


def browser_journeys_of(project: Project) -> tuple[BrowserJourney, ...]:
    """Return the browser journeys that a project states; BadInputError where it states none."""
    folder = Path(project.source).absolute().parent
    if project.browser is None:
        raise BadInputError(
            f"{project.source}: there is no [[browser]] journey", hint="see docs/journeys.md"
        )
    found = []
    for place in project.browser.items():
        place.only("file")
        path = Path(inside(place.need("file"), str(folder)) or "")
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as err:
            raise BadInputError(f"{path}: cannot be read: {err}", hint="correct it") from err
        found.append(read_browser_journey(read_toml(str(path), text)))
    return tuple(found)


def walk_in_browser(
    url: str, journeys: Sequence[BrowserJourney], *, access: Access, timeout_s: float = 10.0
) -> Iterator[ProbeResult]:
    """Yield the result of each journey; `timeout_s` is for each step.

    UnreachableError where there is no browser, or nothing to drive it with.
    """
    base, access = addressed(url, access)
    with _opened() as driven:
        for journey in journeys:
            at, began = datetime.now(UTC), time.perf_counter()
            context = driven.new_context(
                ignore_https_errors=False, extra_http_headers=dict(access.headers)
            )
            page = context.new_page()
            page.set_default_timeout(timeout_s * 1000)
            problem, answered = _walked(page, base, journey, access)
            context.close()
            advice = "open the page and look" if problem else None
            took_s = time.perf_counter() - began
            yield ProbeResult(journey.name, at, took_s, problem, advice, answered)


@contextmanager
def _opened() -> Iterator[Any]:
    path = shutil.which(browser(_INSTEAD))
    try:
        driving = import_module("playwright.sync_api")  # an extra, not always there
    except ImportError as err:
        raise UnreachableError(
            "there is nothing to drive the browser with",
            hint=f"pip install calendar-sre[browser], or {_INSTEAD}",
        ) from err
    with driving.sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=path, args=[*_FLAGS])
        try:
            yield found
        finally:
            found.close()


def _walked(
    page: Any, base: str, journey: BrowserJourney, access: Access
) -> tuple[str | None, bool]:
    """Return (the step that failed and why, whether the service answered)."""
    tag = f"probe-{secrets.token_hex(4)}"
    failed = import_module("playwright.sync_api").Error
    for step in journey.steps:
        try:
            _take(page, base, step, tag, access)
        except failed as err:
            first = str(err).strip().splitlines()[0][:200]
            _clean(page, base, journey, tag, access, failed)
            return f"{step.name}: {first}", not any(sign in first for sign in _AWAY)
    return None, True


def _clean(
    page: Any, base: str, journey: BrowserJourney, tag: str, access: Access, failed: type[Exception]
) -> None:
    """Take back what a failed walk has left, as far as that can be done."""
    for step in journey.clean:
        with suppress(failed):
            _take(page, base, step, tag, access)


def _take(page: Any, base: str, step: BrowserStep, tag: str, access: Access) -> None:
    if step.when is not None and not page.locator(step.when).count():
        return
    if step.open is not None:
        page.goto(base + step.open)
    if step.into is not None:
        text = (access.keys[0] if access.keys else "") if step.is_key else step.text
        page.fill(step.into, text.replace("{tag}", tag))
    if step.press is not None:
        page.click(step.press)
    if step.see is not None:
        seen = page.locator(step.see)
        if step.says is not None:
            seen = seen.filter(has_text=step.says.replace("{tag}", tag))
        seen.first.wait_for(state="visible")
