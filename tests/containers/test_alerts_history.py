"""What a real Prometheus has recorded scores the rules as the same incident as a scenario does."""

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from alerts.backtest.scenario import Scenario
from alerts.backtest.world import Floats, simulate
from alerts.edge.backtest import load_scenarios, load_stage
from slo.edge.project_file import shipped
from sre.running import run
from tests.support.backfill import backfill, keeping_everything
from tests.support.container import Server
from tests.support.monitoring import prometheus_spec

pytestmark = pytest.mark.long
STAGE = load_stage(shipped())
BEGIN = datetime(2026, 3, 2, 8, tzinfo=UTC)
BLOCK_S = 7200


def scenario(name: str) -> Scenario:
    return next(each for each in load_scenarios() if each.name == name)


def texts(series: dict[str, Floats], step_s: int) -> list[str]:
    """Return the samples as OpenMetrics, a text for each block of two hours."""
    families: dict[str, list[str]] = defaultdict(list)
    for name in series:
        families[name.partition("{")[0]].append(name)
    steps = max(len(values) for values in series.values())
    per_block = BLOCK_S // step_s
    return [
        "".join(
            f"{name} {float(series[name][index])!r} {BEGIN.timestamp() + index * step_s:.0f}\n"
            for family in sorted(families)
            for name in families[family]
            for index in range(first, min(first + per_block, steps))
            if not np.isnan(series[name][index])
        )
        + "# EOF\n"
        for first in range(0, steps, per_block)
    ]


def at(seconds: int) -> str:
    return (BEGIN + timedelta(seconds=seconds)).isoformat()


@pytest.mark.thorough
def test_a_recorded_outage_scores_as_the_scenario_it_was_made_of(
    start_private: Callable[..., Server], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outage = scenario("full-outage")
    spec = prometheus_spec({"none.yaml": "groups: []\n"}, interval="1h")
    server = start_private(replace(spec, command=keeping_everything(spec.command)))
    backfill(server, texts(simulate(outage, 0, STAGE), outage.step_s))
    start, end = outage.incident
    labels = tmp_path / "incidents.yaml"
    labels.write_text(f"- {{name: outage, expect: page, from: {at(start)!r}, to: {at(end)!r}}}\n")
    url = f"http://{server.host}:{server.port}"
    asked = ["alerts", "backtest", "--prometheus", url, "--incidents", str(labels), "--json"]
    whole = ["--from", at(3600), "--to", at(outage.length_s), "--warm-up", "1"]
    assert run([*asked, *whole]) == 0
    told = json.loads(capsys.readouterr().out)
    assert run(["alerts", "backtest", "--only", outage.name, "--json"]) == 0
    simulated = json.loads(capsys.readouterr().out)
    recorded, between = told["outcomes"]
    (meant,) = simulated["outcomes"]
    for part in ("detected_s", "reset_s", "right"):
        assert recorded[part] == meant[part], part
    assert between["wrong"] == []
    assert told["verdict"] == simulated["verdict"] == "PASS"

    calm = ["--from", at(0), "--to", at(start - 60), "--warm-up", "0"]
    labels.write_text("[]\n")
    assert run([*asked, *calm]) == 5
    assert json.loads(capsys.readouterr().out)["verdict"] == "NO DATA"
    early = ["--from", "2026-01-01T00:00:00Z", "--to", "2026-01-01T02:00:00Z"]
    assert run([*asked, *early]) == 5
    assert "has no series that the rules read in that time" in capsys.readouterr().err
