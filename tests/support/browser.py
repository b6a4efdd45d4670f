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
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    page.evaluate(script.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run(document, {resultTypes: ['violations']}).then(f => f.violations.map("
        "v => [v.id, v.impact, v.nodes.map(n => n.html.slice(0, 200)).join(' | ')]))"
    )
    return [tuple(each) for each in found if each[1] in {"serious", "critical"}]


def reached(page: Page) -> set[str]:
    """Return what the Tab key comes to, from the beginning of the page until it is there again.

    Asserts that nothing that can be used is left out, and that each shows that it has the focus.
    """
    page.evaluate(_MARK)
    wanted = set(page.evaluate(_WANTED))
    page.evaluate("document.activeElement.blur(); getSelection().removeAllRanges(); scrollTo(0, 0)")
    page.evaluate("document.body.tabIndex = -1; document.body.focus()")
    found, last = set[str](), ""
    for _ in range(6 * len(wanted) + 20):  # a field for a date has a stop for each of its parts
        page.keyboard.press("Tab")
        name, is_seen = page.evaluate(_FOCUSED)
        if (name in found and name != last) or (not name and wanted <= found):
            break
        # The last stop of a field for a date is the browser's own, and so is what shows it.
        assert is_seen or name in {"", last}, f"nothing shows that {name} has the focus"
        found.add(name)
        last = name
    assert wanted <= found, f"the Tab key does not come to {sorted(wanted - found)}"
    return found


def tab_to(page: Page, wanted: str, most: int = 200) -> None:
    """Press Tab until the focus is on what a selector names."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("(wanted) => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the Tab key does not come to {wanted}")


_MARK: Final = """
document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex='0']")
  .forEach((one, number) => { one.dataset.tab =
    `${number} ${one.tagName.toLowerCase()} ${(one.id || one.textContent).trim().slice(0, 40)}`; })
"""
_WANTED: Final = """
[...document.querySelectorAll("[data-tab]")].filter((one) => !one.disabled
  && one.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true})
  && one.getClientRects().length).map((one) => one.dataset.tab)
"""
_FOCUSED: Final = """(() => {
  const one = document.activeElement;
  const style = getComputedStyle(one);
  const seen = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  const box = one.getBoundingClientRect();
  return [one.dataset.tab || "", seen && box.right > 0 && box.bottom > 0];
})()"""


def overflows(page: Page) -> bool:
    """Say whether the page is wider than its window."""
    return bool(page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))
