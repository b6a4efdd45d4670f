"""The pages of reports in a browser: accessible in the light and the dark, and valid HTML."""

import html
import json
import re
import subprocess
import zlib
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from reports.capacity.compose import document as capacity_document
from reports.edge.capacity_charts import draw as draw_capacity
from reports.edge.html_page import to_html
from reports.edge.period_charts import draw
from reports.period.compose import document
from tests.pages.reports.test_capacity import capacity_of
from tests.properties.reports.test_period_report import report
from tests.support.waiting import HANGS_S

A4_PT: Final = 841.9
CHROMIUM: Final = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--virtual-time-budget=20000",
    "--dump-dom",
)
RUN: Final = (
    "<script>axe.run().then(found => { document.body.innerHTML = '<pre id=out></pre>'; "
    "document.getElementById('out').textContent = JSON.stringify({passes: found.passes.length, "
    "violations: found.violations.map(v => [v.id, v.impact, v.nodes[0].html])}) })</script>"
)


def pages() -> dict[str, str]:
    period, capacity = report(), capacity_of(0.05)
    return {
        "week": to_html(document(period), partial(draw, report=period)),
        "capacity": to_html(capacity_document(capacity), partial(draw_capacity, report=capacity)),
    }


def shown(page: str, folder: Path, *more: str) -> str:
    """Return the document as it stands when the page has been opened in a browser."""
    file = folder / "page.html"
    file.write_text(page)
    told = subprocess.run(
        ["chromium", f"--user-data-dir={folder / 'profile'}", *CHROMIUM, *more, file.as_uri()],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=True,
    )
    return told.stdout


def answered(page: str, script: str, folder: Path, *more: str) -> Any:
    """Return what a script says of a page; the page's policy would not let it run."""
    free = re.sub(r"<meta http-equiv=.Content-Security-Policy.[^>]*>", "", page)
    text = shown(free.replace("</body>", f"{script}</body>"), folder, *more)
    found = re.search(r'<pre id="out">(.*?)</pre>', text, re.DOTALL)
    assert found, text[-500:]
    return json.loads(html.unescape(found[1]))


def axe(page: str, tools: Path, folder: Path, *, dark: bool, width_px: int) -> dict[str, Any]:
    checker = (tools / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    size = f"--window-size={width_px},2000"
    script = f"<script>{checker}</script>{RUN}"
    return dict(answered(page, script, folder, size, *scheme))


@pytest.mark.parametrize("width_px", [400, pytest.param(1280, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(
    "dark",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["light", "dark"],
)
@pytest.mark.usefixtures("chromium")
@pytest.mark.thorough
def test_axe_has_nothing_to_say_about_the_pages(
    tools: Path, tmp_path: Path, *, dark: bool, width_px: int
) -> None:
    for page in pages().values():
        found = axe(page, tools, tmp_path, dark=dark, width_px=width_px)
        assert found["violations"] == []
        assert found["passes"] > 20


@pytest.mark.thorough
@pytest.mark.usefixtures("chromium")
def test_axe_finds_what_is_wrong_with_a_page_that_is_made_so(tools: Path, tmp_path: Path) -> None:
    page = pages()["week"].replace(
        "</main>", '<p style="color:#777;background:#888">dim</p><button></button></main>'
    )
    found = axe(page, tools, tmp_path, dark=False, width_px=400)
    assert {"color-contrast", "button-name"} <= {one for one, _, _ in found["violations"]}


LOOKED_AT: Final = """<script>
const found = {}, press = (svg, key) => svg.dispatchEvent(new KeyboardEvent("keydown", {key}));
for (const svg of document.querySelectorAll("svg[data-points]")) {
  const tip = svg.closest("figure").querySelector(".tip");
  const count = JSON.parse(svg.dataset.points).points.length;
  const told = [];
  press(svg, "Home");
  for (let n = 0; n < count; n++) { told.push(tip.textContent); press(svg, "ArrowRight"); }
  const buttons = [...svg.closest("figure").querySelectorAll(".tools button")];
  for (const key of ["Home", "Enter", "ArrowRight", "ArrowRight", "Enter"]) press(svg, key);
  const zoomed = svg.querySelectorAll(".zoomed").length;
  press(svg, "Escape");
  const whole = svg.querySelectorAll(".zoomed").length;
  const switches = buttons.filter((one) => one.hasAttribute("aria-pressed"));
  if (switches.length) { switches[0].click(); press(svg, "Home"); }
  const off = switches.length ? tip.textContent : "";
  found[svg.querySelector("title").textContent] =
    {told, focus: svg.getAttribute("tabindex"), zoomed, whole, switches: switches.length, off};
}
document.body.innerHTML = "<pre id=out></pre>";
document.getElementById("out").textContent = JSON.stringify(found);
</script>"""


@pytest.mark.usefixtures("chromium")
@pytest.mark.thorough
def test_the_keyboard_reaches_every_value_zooms_and_switches_series_off(tmp_path: Path) -> None:
    for page in pages().values():
        charts = re.findall(r'data-points="([^"]*)"', page)
        found = answered(page, LOOKED_AT, tmp_path)
        assert len(found) == len(charts) > 0
        for one, chart in zip(found.values(), charts, strict=True):
            data = json.loads(html.unescape(chart))
            labels = [label for *_, label in data["points"]]
            assert len(one["told"]) == len(labels)
            assert all(a.endswith(b) for a, b in zip(one["told"], labels, strict=True))
            assert one["focus"] == "0"
            is_drawn = not data["cells"] and len(labels) > 2
            assert (one["zoomed"], one["whole"]) == (int(is_drawn), 0)
            assert one["switches"] == (len(data["series"]) if len(data["series"]) > 1 else 0)


@pytest.mark.usefixtures("chromium")
@pytest.mark.thorough
def test_the_policy_of_a_page_lets_our_script_run_and_no_other(tmp_path: Path) -> None:
    page = pages()["week"]
    strange = page.replace("</body>", "<script>document.title = 'taken over'</script></body>")
    text = shown(strange, tmp_path)
    assert re.search(r"<svg[^>]*tabindex=.0.", text)
    assert "<title>taken over</title>" not in text


@pytest.mark.usefixtures("chromium")
@pytest.mark.thorough
def test_a_printed_page_wastes_no_paper(tmp_path: Path) -> None:
    """No page but the last is under half full, by how far down ink reaches on each."""
    for name, page in pages().items():
        filled = printed(page, tmp_path / f"{name}.pdf", tmp_path)
        assert len(filled) > 1
        assert min(filled[:-1]) >= 0.5, (name, filled)


def printed(page: str, pdf: Path, folder: Path) -> list[float]:
    """Return for each printed A4 page how far down its lowest text reaches, as a share."""
    file = folder / "page.html"
    file.write_text(page)
    subprocess.run(
        ["chromium", f"--user-data-dir={folder / 'profile'}", *CHROMIUM[:-1],
         "--no-pdf-header-footer", f"--print-to-pdf={pdf}", file.as_uri()],
        capture_output=True,
        timeout=HANGS_S,
        check=True,
    )  # fmt: skip
    return [_reach(one) for one in _pages_of(pdf.read_bytes())]


@pytest.mark.thorough
def test_the_pages_are_valid_html(tools: Path, tmp_path: Path) -> None:
    for name, page in pages().items():
        (tmp_path / f"{name}.html").write_text(page)
    told = subprocess.run(
        [str(tools / "node_modules/.bin/html-validate"), "--preset", "standard", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    assert told.returncode == 0, told.stdout[-2000:]


def _pages_of(pdf: bytes) -> list[bytes]:
    """Return the drawing of each page of a PDF that Chromium printed."""
    found = []
    for start in re.finditer(rb"stream\r?\n", pdf):
        with suppress(zlib.error):
            text = zlib.decompressobj().decompress(pdf[start.end() :])
            if b"Tm" in text:
                found.append(text)
    return found


def _reach(drawing: bytes) -> float:
    """Return how far down the page the lowest text stands: 1.0 is its lower edge."""
    at, stack, operands, lowest = np.eye(3), list[Any](), list[float](), A4_PT
    for token in drawing.decode("latin-1").split():
        match token:
            case "q":
                stack.append(at)
            case "Q":
                at = stack.pop()
            case "cm" | "Tm":
                a, b, c, d, e, f = operands[-6:]
                moved = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ at
                at = moved if token == "cm" else at
                if token == "Tm" and 0 <= moved[2, 1] <= A4_PT:
                    lowest = min(lowest, moved[2, 1])
        try:
            operands.append(float(token))
        except ValueError:
            operands.clear()
    return 1 - float(lowest) / A4_PT
