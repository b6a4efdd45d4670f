"""An alert stands on the recording rules that it reads, and on no others."""

from typing import Any

import pytest

from alerts.behaviour.pruning import pruned

RECORDS: list[dict[str, Any]] = [
    {"record": "a:bad:rate", "labels": {"slo": "x"}, "expr": "rate(raw_x[2m])"},
    {"record": "a:bad:rate", "labels": {"slo": "y"}, "expr": "rate(raw_y[2m])"},
    {"record": "a:ratio:5m", "expr": "sum_over_time(a:bad:rate[3m]) / 4"},
    {"record": "a:all:5m", "expr": 'sum(a:ratio:5m) + on() sum(a:bad:rate{slo="y"})'},
    {"record": "a:named:5m", "expr": 'label_replace(a:ratio:5m, "slo", "x", "", "")'},
]


def below(expr: str) -> list[int]:
    """Return which of the recording rules an alert with this expression is tested on."""
    mine = {"alert": "Mine", "expr": expr}
    groups: list[dict[str, Any]] = [
        {"rules": RECORDS[:2]},
        {"rules": [{"alert": "Other", "expr": "a:all:5m > 0"}]},
        {"rules": [*RECORDS[2:], mine]},
    ]
    *kept, last = pruned(groups, "Mine")["groups"][0]["rules"]
    assert last == mine
    return [RECORDS.index(rule) for rule in kept]


@pytest.mark.parametrize(
    ("expr", "wanted"),
    [
        ("raw_x > 1", []),
        ('a:bad:rate{slo="x"} > 1', [0]),
        ("a:bad:rate > 1", [0, 1]),
        ('a:bad:rate{slo!="x"} > 1', [0, 1]),
        ('a:bad:rate{slo=""} > 1', [0, 1]),
        ('a:bad:rate{slo="z"} > 1', []),
        ('a:ratio:5m{slo="y"} > 1', [1, 2]),
        ('a:ratio:5m{slo="y"} > a:bad:rate{slo="x"}', [0, 1, 2]),
        ("a:ratio:5m > 1", [0, 1, 2]),
        ("a:all:5m > 1", [0, 1, 2, 3]),
        ('a:named:5m{slo="x"} > 1', [0, 1, 2, 4]),
        ('last_over_time(a:ratio:5m{slo="x"}[1h]) unless on() ALERTS', [0, 2]),
    ],
)
def test_only_what_reaches_the_alert_is_kept_in_its_order(expr: str, wanted: list[int]) -> None:
    assert below(expr) == wanted
