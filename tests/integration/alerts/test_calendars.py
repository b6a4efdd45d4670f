"""Calendar windows in rules: promtool counts what Python's calendar says, across their borders."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.behaviour.given import labelled
from alerts.calendars import calendar_records
from alerts.names import BAD, PERIOD, SPENT, TOTAL, WATCHED
from slo.edge.files import load_objectives
from slo.objective import Objective
from slo.period import Calendar
from tests.support.examples import EXAMPLES
from tests.support.sampling import quick

PromTool = Callable[[Sequence[Path]], list[str]]
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # promtool's tests begin here
MINUTE = timedelta(minutes=1)


def calendar(start: str, duration: str, zone: str = "Etc/UTC") -> Calendar:
    wall = datetime.strptime(start, "%Y-%m-%d %H:%M")  # noqa: DTZ007 -- the zone stands beside it
    return Calendar(wall, ZoneInfo(zone), int(duration[:-1]), duration[-1])


def promise() -> Objective:
    (found,) = load_objectives(EXAMPLES / "payments-availability.yaml")
    return found


def promtool_file(
    chosen: Calendar, asked: Sequence[tuple[timedelta, str]], every: timedelta, step: timedelta
) -> dict[str, Any]:
    """Return a test in which 1 of 1000 is bad in the first window, and 2 of 1000 from then on."""
    own, end = labelled(promise()), asked[-1][0]
    first = round((chosen.begin(1) - EPOCH) / step)
    rest = round(end / step) - first
    return {
        "evaluation_interval": f"{every.total_seconds():.0f}s",
        "tests": [
            {
                "interval": f"{step.total_seconds():.0f}s",
                "input_series": [
                    {"series": BAD + own, "values": f"1x{first} 2x{rest}"},
                    {"series": TOTAL + own, "values": f"1000x{first + rest + 1}"},
                ],
                "promql_expr_test": [
                    {
                        "expr": expr,
                        "eval_time": f"{at.total_seconds():.0f}s",
                        "exp_samples": [{"labels": "{}", "value": 1}],
                    }
                    for at, expr in asked
                ],
            }
        ],
    }


def verdict(
    folder: Path, promtool: PromTool, chosen: Calendar, test: Mapping[str, Any], only: str = ""
) -> str:
    """Return what promtool says of the rules of a calendar; empty when it is content."""
    records = calendar_records(promise(), chosen)
    rules = [
        {"record": each.name, "expr": each.expr, "labels": dict(each.labels)}
        for each in records
        if each.name == (only or each.name)
    ]
    (folder / "rules.json").write_text(json.dumps({"groups": [{"name": "g", "rules": rules}]}))
    path = folder / "test.json"
    path.write_text(json.dumps({**test, "rule_files": [str(folder / "rules.json")]}))
    done = subprocess.run(
        [*promtool([folder]), "test", "rules", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else (done.stdout + done.stderr)[:2000]


def is_close(series: str, value: float, off: float) -> str:
    """Return a query that gives 1 when a series has a value, give or take."""
    return f"count(abs({series}{labelled(promise())} - {value:.10g}) < {off:.10g})"


def moments(chosen: Calendar, every: timedelta) -> list[timedelta]:
    """Return moments of the first windows: soon after each begins, midway, and before it ends."""
    found = set()
    for index in range(3):
        begin, end = max(chosen.begin(index), EPOCH), chosen.begin(index + 1)
        for moment in (begin + every, begin + (end - begin) / 2, end - every / 2):
            found.add(every * ((moment - EPOCH) // every))
    return sorted(found)


def spent_at(chosen: Calendar, now: datetime) -> float:
    """Return the share of the budget that is spent: bad events over those that are allowed.

    What nobody measured, before promtool's time begins, is taken to be as what was.
    """
    period = chosen.around(now)
    assert period is not None
    bad = 0.001 if period.start < chosen.begin(1) else 0.002
    return bad / promise().budget * (period.passed / period.length)


def watched_at(chosen: Calendar, now: datetime) -> float:
    """Return the share of the window so far of which there are data."""
    period = chosen.around(now)
    assert period is not None
    return (now - max(period.start, EPOCH)) / period.passed


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("start", "duration", "zone", "every"),
    quick(
        [
            ("1970-01-15 09:00", "1M", "Asia/Kolkata", DAY),  # 31 days, 28, 31
            ("1970-01-01 00:00", "1Y", "Etc/UTC", 10 * DAY),  # the third is a leap year
            ("1970-01-01 00:00", "1M", "Etc/UTC", DAY),
            ("1969-12-01 00:00", "1Q", "America/Bogota", 3 * DAY),
            ("1969-12-29 00:00", "1w", "Asia/Tokyo", DAY / 4),
            ("1970-01-01 00:00", "1d", "Etc/UTC", DAY / 8),
        ],
        first=2,
    ),
)
def test_what_is_spent_since_the_window_began_is_what_the_calendar_says(
    start: str, duration: str, zone: str, every: timedelta, tmp_path: Path, promtool: PromTool
) -> None:
    chosen, asked = calendar(start, duration, zone), []
    for at in moments(chosen, every):
        period = chosen.around(EPOCH + at)
        assert period is not None
        # A window is looked at in at least 372 steps, of which those that hold a border are lost.
        off = 0.002 / promise().budget * 2 / 372
        asked.append((at, is_close(SPENT, spent_at(chosen, EPOCH + at), off)))
        steps = 2 * (period.length / 372) / period.passed  # those at the ends may count or not
        asked.append((at, is_close(WATCHED, watched_at(chosen, EPOCH + at), steps + 1e-9)))
    assert len(asked) >= 16
    step = {"d": 2 * MINUTE, "w": 2 * MINUTE, "Y": DAY / 2}.get(duration[-1], 60 * MINUTE)
    assert verdict(tmp_path, promtool, chosen, promtool_file(chosen, asked, every, step)) == ""


def test_where_clocks_change_a_rule_s_window_begins_an_hour_late(
    tmp_path: Path, promtool: PromTool
) -> None:
    """The page of objectives says so. New York's clocks changed on 26 April 1970."""
    chosen = calendar("1970-01-01 00:00", "1M", "America/New_York")
    late = chosen.begin(4) - EPOCH + timedelta(hours=1)
    asked = [
        (late - timedelta(hours=1), is_close(PERIOD, 3, 0.1)),
        (late, is_close(PERIOD, 4, 0.1)),
    ]
    test = promtool_file(chosen, asked, timedelta(hours=1), DAY)
    assert verdict(tmp_path, promtool, chosen, test, only=PERIOD) == ""
