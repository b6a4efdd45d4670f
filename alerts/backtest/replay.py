"""Replay series through Prometheus's own engine, by `promtool test rules`."""

import json
import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from alerts.backtest.world import NOT_STORED, Floats
from kit.pure.errors import UnreachableError

_ASKED: Final = 'ALERTS{alertstate="firing",alertname!="Watchdog"}'
_TIME: Final = re.compile(r"time: ([0-9wdhms]+),")
_SAMPLE: Final = re.compile(r"\{__name__=\"ALERTS\", ([^}]*)\}")
_LABEL: Final = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')
_PART: Final = re.compile(r"(\d+)([wdhms])")


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert from the moment it fires to the moment it stops, in seconds of the scenario."""

    labels: tuple[tuple[str, str], ...]
    start_s: int
    end_s: int

    @property
    def name(self) -> str:
        """Return the alert's name."""
        return dict(self.labels)["alertname"]

    @property
    def severity(self) -> str:
        """Return the alert's severity."""
        return dict(self.labels).get("severity", "")


def replay(
    series: Mapping[str, Floats],
    *,
    step_s: int,
    rule_files: Sequence[Path],
    promtool: Callable[[Sequence[str]], str],
    folder: Path,
) -> tuple[Firing, ...]:
    """Return every firing, in the order of their start; `step_s` is scraping and evaluation.

    promtool lists what differs from an expectation: against the one that nothing ever fires it
    lists everything that does. `promtool` is given arguments and returns the output; the test lies
    in `folder` for as long as it runs. Raises UnreachableError when promtool cannot do it.
    """
    steps = max(len(values) for values in series.values())
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, suffix=".yml") as file:
        file.write(_test_file(series, step_s, steps, rule_files))
        file.flush()
        output = promtool(["test", "rules", file.name])
    if "FAILED" not in output and "SUCCESS" not in output:
        raise UnreachableError(f"promtool could not replay: {output.strip()[:400]}")
    return _firings(output, step_s)


def _test_file(
    series: Mapping[str, Floats], step_s: int, steps: int, rule_files: Sequence[Path]
) -> str:
    """Return the test as JSON, which is YAML that is quick to write and to read."""
    asked = [{"expr": _ASKED, "eval_time": f"{index * step_s}s"} for index in range(steps)]
    test = {
        "interval": f"{step_s}s",
        "input_series": [
            {"series": name, "values": _values(values)} for name, values in series.items()
        ],
        "promql_expr_test": asked,
    }
    return json.dumps(
        {
            "rule_files": [str(path.resolve()) for path in rule_files],
            "evaluation_interval": f"{step_s}s",
            "tests": [test],
        }
    )


def _values(values: Floats) -> str:
    """Write samples; the first missing one is the staleness mark that a lost target leaves.

    A Prometheus that was away has left none.
    """
    parts, missing = [], False
    for value in values:
        if value == NOT_STORED:
            parts.append("_")
        elif np.isnan(value):
            parts.append("_" if missing else "stale")
            missing = True
        else:
            parts.append(f"{value:.10g}")
            missing = False
    return " ".join(parts)


def _firings(output: str, step_s: int) -> tuple[Firing, ...]:
    """Join the steps at which an alert fires to intervals."""
    steps: dict[tuple[tuple[str, str], ...], list[int]] = {}
    now = 0
    for line in output.splitlines():
        time = _TIME.search(line)
        if time is not None and "expr:" in line:
            now = _seconds(time[1])
        for sample in _SAMPLE.findall(line):
            labels = tuple(sorted((k, v) for k, v in _LABEL.findall(sample) if k != "alertstate"))
            steps.setdefault(labels, []).append(now)
    found = [
        Firing(labels, start, end)
        for labels, at in steps.items()
        for start, end in _runs(at, step_s)
    ]
    return tuple(sorted(found, key=lambda firing: (firing.start_s, firing.labels)))


def _runs(at: Sequence[int], step_s: int) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for now in at:
        if runs and now - runs[-1][1] == step_s:
            runs[-1] = (runs[-1][0], now)
        else:
            runs.append((now, now))
    return [(start, end + step_s) for start, end in runs]


def _seconds(text: str) -> int:
    sizes = {"w": 604_800, "d": 86_400, "h": 3600, "m": 60, "s": 1}
    return sum(int(number) * sizes[unit] for number, unit in _PART.findall(text))
