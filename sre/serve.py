"""`sre serve`: run the calendar service."""

import contextlib
import json
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from kit.pure.errors import BadInputError, RefusedError
from ops.embedded import embedded_mongodb, temporary_folder
from ops.serving import listen, made_folder, starting, with_files
from ops.serving import serve as run


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes that answer.")] = 1,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for MongoDB; 0 starts without it.")
    ] = 5.0,
    embedded: Annotated[
        bool,
        typer.Option(
            "--embedded",
            help="Bring a local MongoDB stand-in along; no authentication, loopback only.",
        ),
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option(help="With --embedded: keep the data here instead of a temporary folder."),
    ] = None,
    logs: Annotated[Path | None, typer.Option(help="Folder of the log files.")] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it listens as one line of JSON.")
    ] = False,
) -> None:
    """Run the calendar service until it is stopped.

    Settings come from CALENDAR_* environment variables. Says `listening on URL` when it answers.
    """
    with starting():
        environment = with_files(
            {name: value for name, value in os.environ.items() if name.startswith("CALENDAR_")}
        )
    if logs is not None:
        environment["CALENDAR_LOG_DIR"] = str(made_folder(logs, "--logs"))
    if not embedded and data is not None:
        raise BadInputError("--data is for --embedded only", hint="set CALENDAR_MONGODB_URL")
    if embedded and host not in {"127.0.0.1", "::1", "localhost"}:
        raise RefusedError(
            f"--embedded has no authentication and will not listen on {host}",
            hint="leave --host out, or run without --embedded",
        )
    if embedded:
        environment |= {"CALENDAR_REDIS_URL": "", "CALENDAR_AUTH": "off"}
    with starting(), contextlib.ExitStack() as stack:
        listener = stack.enter_context(listen(environment, host, port))
        if embedded:
            folder = stack.enter_context(temporary_folder())
            store = folder / "data" if data is None else made_folder(data, "--data")
            database = embedded_mongodb(store, folder / "mongodb.log")
            environment["CALENDAR_MONGODB_URL"] = stack.enter_context(database)
        with contextlib.suppress(KeyboardInterrupt):  # being stopped is how this verb ends
            run(
                environment,
                listener,
                workers=workers,
                wait_s=wait,
                on_listening=lambda url: _say(url, as_json=as_json),
            )


def _say(url: str, *, as_json: bool) -> None:
    line = json.dumps({"schema": "calendar-sre/serve/v1", "url": url})
    sys.stdout.write(f"{line if as_json else f'listening on {url}'}\n")
    sys.stdout.flush()
