"""`sre maintain`: what keeps the system fit. Each verb only says what it would do until --apply."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.markup import escape

from kit.pure.errors import BadInputError, NotEnoughDataError
from ops.maintenance import dependencies as locked
from ops.maintenance.database import Maintained, Wish, maintain
from ops.maintenance.logs import Limits, StillWrittenError, steps
from ops.maintenance.settings import idempotency_ttl_s
from ops.maintenance.step import Taken, exit_of, take, to_json
from sre.answer import Answer
from sre.backup_places import mongodb_server
from sre.check_screen import answer_of, data_of, show
from sre.check_screen import exit_of as exit_of_check
from sre.options import MongoDbName, MongoDbUrl, Timeout

_Apply = Annotated[bool, typer.Option("--apply", help="Do it; without, only say what.")]
_MEGABYTE: Final = 1_000_000
_LOCK: Final = Path(__file__).resolve().parents[1] / "requirements.lock"


def db(
    apply: _Apply = False,
    compact: Annotated[
        bool, typer.Option("--compact", help="Also give unused space back; loads the server.")
    ] = False,
    validate: Annotated[
        bool, typer.Option("--validate", help="Also let the server check its files; takes time.")
    ] = False,
    mongodb_url: MongoDbUrl = None,
    database: MongoDbName = None,
    timeout: Timeout = 60.0,
) -> Answer:
    """Look at MongoDB and its data, build missing indexes, remove what expired, and look again.

    Holds the indexes against what the service declares, and every document against what must be
    true of it. What would take a person's judgement is reported and left alone.
    """
    server = mongodb_server(mongodb_url, database, timeout)
    done = maintain(Wish(server, idempotency_ttl_s(), apply, compact, validate))
    data = {
        "schema": "calendar-sre/maintain-db/v1",
        "applied": apply,
        "before": data_of(done.before),
        "steps": to_json(done.taken),
        "after": data_of(done.after) if done.after else None,
    }
    code = exit_of(done.taken) or exit_of_check(done.last)
    return Answer(data, lambda out: _show_db(out, done, apply=apply), code)


def logs(
    apply: _Apply = False,
    folder: Annotated[
        Path | None, typer.Option("--logs", help="Folder of the logs; else CALENDAR_LOG_DIR, logs.")
    ] = None,
    over: Annotated[float, typer.Option(min=0, help="Rotate logs larger than so many MB.")] = 100.0,
    keep_days: Annotated[
        float, typer.Option(min=0, help="Remove compressed logs older than so many days.")
    ] = 30.0,
    archive_dir: Annotated[
        Path | None, typer.Option(help="Also archive all logs here, before any is removed.")
    ] = None,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds for writers to open their logs anew.")
    ] = 10.0,
) -> Answer:
    """Rotate and compress large logs while they are written, archive, and remove old ones.

    No line is lost: a log is renamed, the service opens a new one within a second, and what was
    renamed is compressed once nobody writes into it any more.
    """
    place = folder or Path(os.environ.get("CALENDAR_LOG_DIR") or "logs")
    if not place.is_dir():
        raise BadInputError(f"{place} is no folder of logs", hint="name it with --logs")
    if not any(place.glob("*.log*")):
        raise NotEnoughDataError(
            f"{place} holds no log", hint="name the folder of the logs with --logs"
        )
    limits = Limits(int(over * _MEGABYTE), keep_days, wait)
    todo = steps(place, archive_dir, limits, datetime.now(UTC))
    taken = take(todo, apply=apply, expected=(OSError, StillWrittenError))
    data = {"schema": "calendar-sre/maintain-logs/v1", "applied": apply, "steps": to_json(taken)}
    return Answer(data, lambda out: _show_steps(out, taken, apply=apply), exit_of(taken))


def dependencies(
    lock: Annotated[
        Path | None, typer.Option(help="The lock of what is installed; else that of the project.")
    ] = None,
    index_url: Annotated[
        str, typer.Option(help="Package index to ask; else the one pip is configured for.")
    ] = "",
    offline: Annotated[bool, typer.Option("--offline", help="Ask no index.")] = False,
    advisories: Annotated[
        Path | None, typer.Option(help="Folder of advisories (OSV), instead of pip-audit.")
    ] = None,
    image_days: Annotated[
        int, typer.Option(min=1, help="Warn of container images older than so many days.")
    ] = 45,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds for pip, and for pip-audit.")
    ] = 180,
) -> Answer:
    """Say which dependencies are outdated, known to be vulnerable or not as locked; image ages.

    Changes nothing. What cannot be asked here is NO DATA (5), never a pass.
    """
    if lock is not None and not lock.is_file():
        raise BadInputError(
            f"--lock {lock} is no file", hint="name a lock, such as requirements.lock"
        )
    asked = None if offline else index_url
    checked = locked.look(
        locked.Wish(lock or _LOCK, asked, advisories, timedelta(days=image_days), timeout)
    )
    return answer_of(checked)


def _show_db(out: Console, done: Maintained, *, apply: bool) -> None:
    show(out, done.before)
    _show_steps(out, done.taken, apply=apply)
    if done.after:
        show(out, done.after)


def _show_steps(out: Console, taken: Sequence[Taken], *, apply: bool) -> None:
    for one in taken:
        detail = f": {escape(one.detail)}" if one.detail else ""
        out.print(f"{one.outcome:6}  {escape(one.what)}{detail}", soft_wrap=True)
    if not taken:
        out.print("nothing to do")
    elif not apply:
        out.print("nothing was changed; --apply does it")
