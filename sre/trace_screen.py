"""How `sre trace slow` looks to people."""

from datetime import datetime

from kit.pure.words import counted, milliseconds, percent
from traces.slow import Slow
from traces.telling import finding, share

_TITLES = {"kind": "part", "route": "route", "instance": "instance", "version": "release"}
_MOST = 8


def slow_lines(found: Slow, since: datetime, until: datetime) -> list[str]:
    """Return the lines: the findings, then each view as a table."""
    lines = [
        (
            f"{counted(found.requests, 'slow or failed request')} kept from "
            f"{since:%Y-%m-%dT%H:%M:%SZ} to {until:%Y-%m-%dT%H:%M:%SZ}, "
            f"{found.before:,} in as long a time before"
        ),
        "",
        *(finding(each) for each in found.findings[:_MOST]),
    ]
    if not found.findings:
        lines.append("no route took longer than before")
    for view, rows in found.views.items():
        wide = max(len(_TITLES[view]), *(len(row.name) for row in rows[:_MOST]))
        lines += ["", f"{_TITLES[view]:<{wide}}  {'requests':>8} {'time':>9}  {'share':<20} before"]
        for row in rows[:_MOST]:
            before = "" if row.before is None else percent(row.before, 0)
            lines.append(
                f"{row.name:<{wide}}  {row.requests:>8,} {milliseconds(row.ms):>9}  "
                f"{share(row.share):<20} {before}".rstrip()
            )
        if len(rows) > _MOST:
            lines.append(f"and {len(rows) - _MOST} more")
    return lines
