"""The pages of reports in a browser: accessible in the light and the dark, and valid HTML."""

import html
import json
import re
import subprocess
from functools import partial
from pathlib import Path
from typing import Any, Final

import pytest

from reports.capacity.compose import document as capacity_document
from reports.edge.capacity_charts import draw as draw_capacity
from reports.edge.html_page import to_html
from reports.edge.period_charts import draw
from reports.period.compose import document
from tests.support.waiting import HANGS_S
from tests.unit.reports.test_capacity import capacity_of
from tests.unit.reports.test_period_report import report

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


def axe(page: str, tools: Path, folder: Path, *, dark: bool) -> dict[str, Any]:
    checker = (tools / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
    file = folder / "page.html"
    file.write_text(page.replace("</body>", f"<script>{checker}</script>{RUN}</body>"))
    scheme = ["--blink-settings=preferredColorScheme=0"] if dark else []
    told = subprocess.run(
        ["chromium", f"--user-data-dir={folder / 'profile'}", *CHROMIUM, *scheme, file.as_uri()],
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=True,
    )
    found = re.search(r'<pre id="out">(.*?)</pre>', told.stdout, re.DOTALL)
    assert found, told.stderr[-500:]
    return dict(json.loads(html.unescape(found[1])))


@pytest.mark.parametrize(
    "dark",
    [False, pytest.param(True, marks=pytest.mark.thorough)],
    ids=["light", "dark"],
)
@pytest.mark.usefixtures("chromium")
def test_axe_has_nothing_to_say_about_the_pages(tools: Path, tmp_path: Path, *, dark: bool) -> None:
    for page in pages().values():
        found = axe(page, tools, tmp_path, dark=dark)
        assert found["violations"] == []
        assert found["passes"] > 20


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
