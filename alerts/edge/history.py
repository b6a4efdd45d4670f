"""Replay what a Prometheus has recorded, as if other rules had been there."""

import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from alerts.backtest.incidents import (
    Incident,
    Span,
    aligned,
    outcomes,
    raw_metrics,
    read_incidents,
)
from alerts.backtest.replay import replay
from alerts.backtest.score import Outcome
from alerts.backtest.world import Floats
from alerts.edge.behaviour_files import load_groups
from alerts.edge.promtool_runs import promtool_runs
from kit.edge.prometheus import Prometheus
from kit.pure.errors import BadInputError, NotEnoughDataError

_CHUNK_S: Final = 6 * 3600
_MOST_STEPS: Final = 50_000
_LONGEST_S: Final = 3600
_NAME: Final = "__name__"


def load_incidents(path: Path) -> tuple[Incident, ...]:
    """Return the incidents of a YAML file; BadInputError when it cannot be read."""
    try:
        return read_incidents(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="name a file of incidents") from err


def replay_history(
    server: Prometheus,
    incidents: Sequence[Incident],
    span: Span,
    rule_files: Sequence[Path],
    say: Callable[[str], None],
) -> tuple[Outcome, ...]:
    """Fetch every raw series that the rules read, replay it, and judge what would have fired.

    Raises BadInputError for a span of too many steps and NotEnoughDataError when the server has
    nothing of that time.
    """
    if span.steps > _MOST_STEPS:
        raise BadInputError(
            f"the span has {span.steps} steps, more than {_MOST_STEPS}",
            hint="shorten it, or give a longer --step",
        )
    outcomes(incidents, (), span)  # a wrong incident is refused before the long work
    series = _series(server, _metrics(rule_files), span, say)
    with tempfile.TemporaryDirectory(prefix="sre-backtest-") as made:
        folder = Path(made).resolve()
        shown = [*(path.parent for path in rule_files), folder]
        with promtool_runs(shown, _LONGEST_S) as promtool:
            firings = replay(
                series,
                step_s=span.step_s,
                rule_files=rule_files,
                promtool=promtool,
                folder=folder,
            )
    return outcomes(incidents, firings, span)


def _metrics(rule_files: Sequence[Path]) -> tuple[str, ...]:
    rules = [rule for group in load_groups(rule_files) for rule in group["rules"]]
    recorded = [rule["record"] for rule in rules if "record" in rule]
    return raw_metrics((str(rule["expr"]) for rule in rules), recorded)


def _series(
    server: Prometheus, metrics: Sequence[str], span: Span, say: Callable[[str], None]
) -> dict[str, Floats]:
    """Return the samples of every series by its name in PromQL notation."""
    found: dict[str, Floats] = {}
    for metric in metrics:
        before = len(found)
        for end_s, length_s in _chunks(span):
            for each in server.instant(f"{metric}[{length_s}s]", end_s):
                values = aligned(each.times, each.values, span)
                name = _written(metric, each.labels)
                known = found.get(name)
                found[name] = values if known is None else np.where(np.isnan(values), known, values)
        say(f"{metric}: {len(found) - before} series")
    if not found:
        raise NotEnoughDataError(
            f"{server.url} has no series that the rules read in that time",
            hint="is it the right server, and does it keep data for so long?",
        )
    return found


def _chunks(span: Span) -> list[tuple[float, int]]:
    """Return (end, length) of the ranges to ask for one after the other, in seconds."""
    chunks, start = [], span.first_s - span.step_s
    while start < span.end_s:
        end = min(start + _CHUNK_S, span.end_s)
        chunks.append((end, max(1, round(end - start))))
        start = end
    return chunks


def _written(metric: str, labels: Mapping[str, Any]) -> str:
    inner = ",".join(
        f'{key}="{_escaped(str(value))}"' for key, value in sorted(labels.items()) if key != _NAME
    )
    return f"{metric}{{{inner}}}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
