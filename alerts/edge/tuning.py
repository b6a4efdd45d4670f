"""Try thresholds: build the rules with each, replay the incidents, score; keep what was found."""

import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from alerts.backtest.scenario import Scenario
from alerts.backtest.score import total
from alerts.backtest.tune import Trial, candidates, front, proposal
from alerts.build import project_rules_path
from alerts.edge.backtest import load_rights, load_stage, run
from alerts.edge.generated import generated
from alerts.edge.shipped import limits_of
from slo.project.project import Project

SCHEMA: Final = "calendar-sre/alert-tuning/v1"


def trials(
    project: Project,
    scenarios: Sequence[Scenario],
    names: Sequence[str],
    factors: Sequence[float],
    seeds: Sequence[int],
) -> tuple[Trial, ...]:
    """Return one scored trial for each candidate, the thresholds as they are first."""
    found, rights, stage = [], load_rights(project), load_stage(project)
    known = [each.knowing(rights) for each in scenarios]
    chosen = list(
        candidates(limits_of(project), names, factors)
    )  # refuses a wrong name before any replay
    for change, limits in chosen:
        files = generated(project, limits=limits).texts
        with tempfile.TemporaryDirectory(prefix="sre-tune-") as folder:
            path = Path(folder) / "rules.yaml"
            path.write_text(files[project_rules_path(project)], encoding="utf-8")
            outcomes = run(known, seeds, [path], stage, workers=2, on_outcome=lambda _: None)
        found.append(Trial(change, total(outcomes)))
    return tuple(found)


def to_record(
    tried: Sequence[Trial], now: Mapping[str, float], *, at: datetime, commit: str
) -> dict[str, Any]:
    """Return a search as it is kept: what was proposed, and how both ways scored."""
    best, usual = front(tried)[0], next(each for each in tried if not each.change)
    change = dict(best.change) if proposal(tried, now) else {}
    return {
        "schema": SCHEMA,
        "id": f"{at:%Y%m%dT%H%M%S}-tune",
        "at": at.isoformat(timespec="seconds"),
        "commit": commit,
        "tried": len(tried),
        "proposal": [
            {"threshold": name, "now": now[name], "proposed": value}
            for name, value in change.items()
        ],
        "as_is": _figures(usual),
        "best": _figures(best if change else usual),
    }


def _figures(trial: Trial) -> dict[str, float | None]:
    return {
        "false pages": float(trial.score.false_pages),
        "recall": trial.score.recall,
        "precision": trial.score.precision,
        "seconds until a page, median": trial.score.median_page_s,
    }
