"""`sre backup report`: what could be lost at worst, and how long a restore takes, as measured."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.pure.errors import NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.words import age, counted
from ops.backup.folder import State, entries
from ops.backup.recording import Recovery, now, read_records, recovery
from sre.answer import Answer
from sre.backup_places import BackupDir

_HOUR_S = 3600.0


def report(
    backup_dir: BackupDir = Path("backups"),
    rpo_hours: Annotated[
        float, typer.Option("--rpo-hours", min=0.01, help="So much may be lost at most.")
    ] = 26.0,
    rto_hours: Annotated[
        float, typer.Option("--rto-hours", min=0.01, help="So long may a restore take.")
    ] = 4.0,
) -> Answer:
    """Say how much could be lost (RPO) and how long a restore takes (RTO), by what was measured.

    The first is the longest time between two good backups, or since the newest; the second is
    reading the newest backup and the slowest of the last five restores, for trial where none was
    real. Exits 1 beyond a limit, and 5 where nothing was restored yet.
    """
    begun = [e.manifest.begun_at for e in entries(backup_dir) if e.manifest and e.state is State.OK]
    found = recovery(begun, read_records(), now())
    if not begun:
        raise NotEnoughDataError(
            f"no good backup in {backup_dir}", hint="make one: sre backup create"
        )
    lost_is_fine = found.gap_s is not None and found.gap_s <= rpo_hours * _HOUR_S
    back = None if found.back_s is None else found.back_s + (found.verify_s or 0.0)
    code = Exit.HOLDS if lost_is_fine else Exit.BAD
    if back is None:
        code = Exit.NOT_ENOUGH_DATA if lost_is_fine else Exit.BAD
    elif back > rto_hours * _HOUR_S:
        code = Exit.BAD
    data = {
        "schema": "calendar-sre/backup-report/v1", **asdict(found),
        "rpo_limit_s": rpo_hours * _HOUR_S,
        "rto_s": back, "rto_limit_s": rto_hours * _HOUR_S, "holds": code == Exit.HOLDS,
    }  # fmt: skip
    return Answer(data, lambda out: _show(out, found, back, rpo_hours, rto_hours), code)


def _show(
    out: Console, found: Recovery, back: float | None, rpo_hours: float, rto_hours: float
) -> None:
    newest = age(found.newest_age_s or 0.0)
    gap = age(found.gap_s or 0.0)
    out.print(f"backups   {counted(found.backups, 'good backup')}, the newest {newest} old")
    out.print(f"RPO       {gap} could be lost at worst   limit {rpo_hours:g} h")
    if back is None:
        out.print("RTO       not known: nothing was restored yet; sre backup verify --deep")
        return
    verify = f" after {found.verify_s:.1f} s of reading it" if found.verify_s is not None else ""
    took = f"{found.back_s:.1f} s, the slowest of the last {found.back_by}{verify}"
    out.print(f"RTO       {age(back)}: {took}   limit {rto_hours:g} h")
