"""What sloth and pyrra generate for an objective over 30 days, as rules.

Windows, factors, waits and the form of the expressions are theirs (sloth's google-30d windows and
`sli_error` records; pyrra's error budget alerts and its absence alert), the names are shortened.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

Rules = Sequence[Mapping[str, Any]]
_SLOTH: Final = (("5m", "1h", 14.4), ("30m", "6h", 6.0), ("2h", "1d", 3.0), ("6h", "3d", 1.0))
_PYRRA: Final = (
    ("5m", "1h", 14.0, "2m"), ("30m", "6h", 7.0, "15m"),
    ("2h", "1d", 2.0, "1h"), ("6h", "4d", 1.0, "3h"),
)  # fmt: skip


def sloth(bad: str, total: str, budget: float) -> Rules:
    """Return sloth's rules for two queries of a window W: `sloth_page`, `sloth_ticket`."""
    windows = sorted({each for short, long, _ in _SLOTH for each in (short, long)})
    records = [
        {
            "record": f"sloth:{each}",
            "expr": f"({bad.replace('W', each)}) / ({total.replace('W', each)})",
        }
        for each in windows
    ]
    over = [
        f"(sloth:{short} > {factor * budget:.10g} and sloth:{long} > {factor * budget:.10g})"
        for short, long, factor in _SLOTH
    ]
    return [
        *records,
        {"alert": "sloth_page", "expr": " or ".join(over[:2])},
        {"alert": "sloth_ticket", "expr": " or ".join(over[2:])},
    ]


def pyrra(metric: str, bad: str, total: str, budget: float) -> Rules:
    """Return pyrra's rules: an alert a row, the last two are tickets, and one on absence."""
    windows = sorted({each for short, long, _, _ in _PYRRA for each in (short, long)})
    records = [
        {
            "record": f"pyrra:{each}",
            "expr": f"({bad.replace('W', each)}) / ({total.replace('W', each)})",
        }
        for each in windows
    ]
    alerts = [
        {
            "alert": f"pyrra_{'page' if number < 2 else 'ticket'}{number}",
            "expr": f"pyrra:{short} > {factor * budget:.10g} and"
            f" pyrra:{long} > {factor * budget:.10g}",
            "for": hold,
        }
        for number, (short, long, factor, hold) in enumerate(_PYRRA)
    ]
    gone = {"alert": "pyrra_absent", "expr": f"absent({metric})", "for": "2m"}
    return [*records, *alerts, gone]
