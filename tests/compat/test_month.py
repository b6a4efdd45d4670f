"""A month that an earlier release recorded spends the same budgets under the rules of today."""

import json
import lzma
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from tests.compat import product
from tests.compat.frozen import RELEASES
from tests.support.backfill import add_block, spec_of_the_past
from tests.support.container import Server

END: Final = 1_769_817_600  # 2026-01-31T00:00:00Z, thirty days after its begin
AT: Final = "2026-01-31T00:00:00Z"
FIGURES: Final = ("bad", "total", "missing", "spent", "left")

Start = Callable[..., Server]


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def release(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture
def prometheus(release: Path, start_private: Start) -> Server:
    server = start_private(spec_of_the_past())
    add_block(server, lzma.decompress((release / "month.om.xz").read_bytes()).decode())
    return server


def asked(server: Server, query: str) -> dict[str, float]:
    url = f"http://{server.host}:{server.port}/api/v1/query"
    answer = httpx2.get(url, params={"query": query, "time": END}, trust_env=False).json()
    found: list[dict[str, Any]] = answer["data"]["result"]
    return {
        json.dumps({k: v for k, v in each["metric"].items() if k != "__name__"}, sort_keys=True): (
            float(each["value"][1])
        )
        for each in found
    }


def test_the_month_spends_what_it_spent(
    release: Path, prometheus: Server, capsys: pytest.CaptureFixture[str]
) -> None:
    url = f"http://{prometheus.host}:{prometheus.port}"
    product.run(["slo", "budget", "--prometheus", url, "--at", AT, "--json"])
    told = {each["objective"]: each for each in json.loads(capsys.readouterr().out)["budgets"]}
    before = json.loads((release / "month-budgets.json").read_text(encoding="utf-8"))
    assert before.keys() <= told.keys()
    for name, figures in before.items():
        now = {figure: told[name][figure] for figure in FIGURES}
        assert now == pytest.approx(figures), name

    # What the rules of today make of the series that were recorded then, at the month's end: of
    # long windows, in which the samples of every half hour are enough.
    then = json.loads((release / "names.json").read_text(encoding="utf-8"))["recorded series"]
    old = [rule for rule in product.rules() if rule.get("record") in then]
    long = [rule for rule in old if rule["record"].endswith((":30d", ":3d", ":6h"))]
    assert len(long) >= 6
    for rule in long:
        own, expr = rule.get("labels", {}), rule["expr"]
        # Decision 0018: what is spent was taken times the share of the window that was measured.
        if rule["record"] == "slo:budget_spent:30d":
            (watched,) = (
                each["expr"]
                for each in product.rules()
                if each.get("record") == "slo:budget_watched:30d" and each.get("labels") == own
            )
            expr = f"({expr}) * ({watched})"
        inside = ",".join(f"{name}={json.dumps(value)}" for name, value in own.items())
        recorded = asked(prometheus, f"{rule['record']}{{{inside}}}")
        again = [{**json.loads(labels), **own} for labels in asked(prometheus, expr)]
        assert recorded, rule["record"]
        assert sorted(map(str, again)) == sorted(str(json.loads(labels)) for labels in recorded)
        assert sorted(asked(prometheus, expr).values()) == pytest.approx(
            sorted(recorded.values())
        ), rule["record"]
