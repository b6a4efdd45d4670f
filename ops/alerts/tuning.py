"""Try thresholds: build the rules with each, replay the incidents, score."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

from alerts.backtest.scenario import Scenario
from alerts.backtest.score import total
from alerts.backtest.tune import Trial, candidates
from alerts.build import RULES_PATH, build_files
from alerts.files import load_pages, load_receivers, load_template
from alerts.render import Links
from alerts.thresholds import Thresholds
from ops.alerts.backtest import run
from ops.objectives import load_objectives


def trials(
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    factors: Sequence[float],
    seeds: Sequence[int],
) -> tuple[Trial, ...]:
    """Return one scored trial for each candidate, the thresholds as they are first."""
    found = []
    for change, limits in candidates(Thresholds(), names, factors):
        files = build_files(
            load_objectives(), load_pages(), limits, Links(), load_receivers(), load_template()
        )
        with tempfile.TemporaryDirectory(prefix="sre-tune-") as folder:
            path = Path(folder) / "rules.yaml"
            path.write_text(files[RULES_PATH], encoding="utf-8")
            outcomes = run(scenarios, seeds, [path], workers=2, on_outcome=lambda _: None)
        found.append(Trial(change, total(outcomes)))
    return tuple(found)
