"""A load run as the JSON record that reports, comparisons and people read later."""

import dataclasses
from collections.abc import Sequence
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject, plain
from synthetic.load.blocks import blocks
from synthetic.load.capacity import Capacity, as_json
from synthetic.load.coverage import plan_data, status_of
from synthetic.load.crosscheck import as_json as check_as_json
from synthetic.load.health import as_json as health_as_json
from synthetic.load.recorded_profile import recorded_profile
from synthetic.load.run_value import LoadRun
from synthetic.load.slowest import slowest
from synthetic.load.summary import by_route, distribution, figures, heat_map, timeline
from synthetic.load.verdicts import verdict_of
from synthetic.verdict_rows import Row

SCHEMA: Final = "calendar-sre/load-run/v1"


def to_record(
    run: LoadRun,
    rows: Sequence[Row],
    *,
    commit: str,
    machine: JsonMapping,
    capacity: Capacity | None = None,
) -> JsonObject:
    """Return the record of a run and its verdict; `commit` and `machine` say on what it ran.

    `capacity` is what a climb has shown.
    """
    seconds = run.profile.duration_s
    return {
        "schema": SCHEMA,
        "id": run.id,
        "started_at": run.started_at.isoformat(timespec="seconds"),
        "commit": commit,
        "machine": dict(machine),
        "config": {
            "profile": recorded_profile(run.profile),
            "target_url": run.target_url,
            "duration_s": seconds,
        },
        "status": str(status_of(run)),
        "interrupted": run.interrupted,
        "void_reason": run.void_reason,
        "stopped_early": run.stopped_early,
        "cross_check": check_as_json(run.cross_check),
        "health": health_as_json(run.health_before, run.health_after),
        "capacity": as_json(capacity),
        "wall_s": run.wall_s,
        "rate_per_s": run.rate_per_s,
        "removed_events": run.removed_events,
        "cleaning_problem": run.cleaning_problem,
        "plan": plan_data(run),
        "account": dataclasses.asdict(run.account),
        "generator": dataclasses.asdict(run.generator),
        "verdict": str(verdict_of(rows)),
        "rows": [_row(row, run) for row in rows],
        "overall": figures(run.samples),
        "routes": by_route(run.samples, run.routes),
        "distribution": distribution(run.samples),
        "timeline": timeline(run.samples, seconds),
        "heat_map": heat_map(run.samples, seconds),
        "blocks": blocks(run.samples, run.routes, seconds),
        "slowest": slowest(run),
    }


def _row(row: Row, run: LoadRun) -> JsonObject:
    """Return a row, and how many more seconds at this rate it would take to decide."""
    needed_s = None
    if row.more_needed is not None and row.total:
        needed_s = row.more_needed / row.total * run.lasted_s
    return {**plain(dataclasses.asdict(row)), "more_needed_s": needed_s}
