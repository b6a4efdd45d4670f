"""`python -m service`: the service alone, as its image runs it; settings come from CALENDAR_*."""

import argparse
import contextlib
import os
import sys

from service.secret_files import PREFIX, with_files
from service.serving import listen, serve
from service.start_error import StartError


def main() -> int:
    """Serve until a signal ends it; return the exit code: 2 bad input, 3 unreachable, 4 refused."""
    given = _arguments().parse_args()
    try:
        environment = with_files({k: v for k, v in os.environ.items() if k.startswith(PREFIX)})
        listener = listen(environment, given.host, given.port)
        with listener, contextlib.suppress(KeyboardInterrupt):  # being stopped is how it ends
            serve(
                environment, listener, workers=given.workers, wait_s=given.wait, on_listening=_say
            )
    except StartError as err:
        sys.stderr.write(f"error: {err}\nhint: {err.hint}\n")
        return err.code
    return 0


def _say(url: str) -> None:
    sys.stdout.write(f"listening on {url}\n")
    sys.stdout.flush()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m service", description="The calendar service.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--workers", type=int, default=1, help="processes that answer")
    parser.add_argument("--wait", type=float, default=5, help="seconds to wait for MongoDB")
    return parser


if __name__ == "__main__":
    sys.exit(main())
