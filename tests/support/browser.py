"""A real chromium, driven as a person would: each test gets a context of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page, sync_playwright

_FLAGS: Final = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run")
PHONE: Final = {"width": 400, "height": 800}
DESK: Final = {"width": 1280, "height": 900}


@contextmanager
def browsing(chromium: str) -> Iterator[Browser]:
    """Give a browser; it ends with the block."""
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=[*_FLAGS])
        yield browser
        browser.close()


@contextmanager
def page_of(browser: Browser, **options: Any) -> Iterator[Page]:
    """Give a page; a script that fails in it, or that its policy stops, fails the test."""
    context = browser.new_context(viewport=options.pop("viewport", DESK), **options)
    page, troubles = context.new_page(), []
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on(
        "console",
        lambda said: troubles.append(said.text) if "Content Security Policy" in said.text else None,
    )
    yield page
    context.close()
    assert not troubles, troubles


def axe(page: Page, script: Path) -> list[tuple[str, str, str]]:
    """Return what axe finds serious or critical: (rule, impact, where)."""
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(f => f.violations.map("
        "v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 200)).join(' | ')]))"
    )
    return [tuple(each) for each in found if each[1] in {"serious", "critical"}]


def overflows(page: Page) -> bool:
    """Say whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
