"""The checks of pages find what is wrong with a page that is made so, in every look."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser import DESK, PHONE, axe, overflows, page_of, reached

BAD = """<!doctype html><html lang="en"><head><title>Bad</title><style>
body { background: #fff; color: #111; }
.only { color: #222; background: #fff; }
@media (prefers-color-scheme: SCHEME) and (min-width: LEASTpx) and (max-width: MOSTpx) {
  .only { color: #aaa; } }
</style></head><body><main><h1>Bad</h1><p class="only">dim in one look only</p>
<img src="x.png"><input><button></button><a href="/x"></a></main></body></html>"""
ALWAYS = {"image-alt", "label", "button-name", "link-name"}
LOOKS = [(scheme, size) for scheme in ("light", "dark") for size in (PHONE, DESK)]


@pytest.mark.thorough
@pytest.mark.parametrize(("scheme", "size"), LOOKS)
def test_axe_finds_what_is_wrong_in_the_look_in_which_it_is_wrong(
    browser: Browser, tools: Path, scheme: str, size: dict[str, int]
) -> None:
    least, most = (0, 600) if size is PHONE else (601, 9999)
    text = BAD.replace("SCHEME", scheme).replace("LEAST", str(least)).replace("MOST", str(most))
    for looked, its_size in LOOKS:
        with page_of(browser, viewport=its_size, color_scheme=looked) as seen:
            seen.set_content(text)
            found = {rule for rule, *_ in axe(seen, tools / "node_modules/axe-core/axe.min.js")}
        is_bad = (looked, its_size) == (scheme, size)
        assert found == ALWAYS | ({"color-contrast"} if is_bad else set())


@pytest.mark.thorough
def test_what_the_keyboard_cannot_reach_or_does_not_show_is_found(browser: Browser) -> None:
    with page_of(browser, viewport=PHONE) as seen:
        seen.set_content("<a href='/a'>a</a><button>b</button><input aria-label='c'>")
        assert len(reached(seen)) == 3
        seen.set_content("<a href='/a'>a</a><button tabindex='-1'>b</button>")
        with pytest.raises(AssertionError, match="does not come to"):
            reached(seen)
        seen.set_content("<style>a { outline: none }</style><a href='/a'>a</a>")
        with pytest.raises(AssertionError, match="nothing shows"):
            reached(seen)
        seen.set_content("<p style='width: 900px'>wide</p>")
        assert overflows(seen)
