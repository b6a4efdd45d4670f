"""`python -m ops.images`: make sure of an engine and of every image that tests and tools run.

`python -m ops.images ROLE …` does it for some of them, and `python -m ops.images run -- COMMAND …`
runs a command with all of them there and afterwards stops what it started.
"""

import sys

from kit.edge.containers.catalog import WANTED, image_of
from kit.edge.containers.session import (
    end_on_signals,
    engine_session,
    ensure_images,
    run_with_containers,
)
from kit.pure.errors import HarnessError
from kit.pure.exits import exit_of_error


def main(arguments: list[str]) -> int:
    """Do what the arguments ask and return the exit code."""
    end_on_signals()
    try:
        if arguments[:2] == ["run", "--"] and arguments[2:]:
            return run_with_containers(arguments[2:], _say)
        roles = [image_of(role).role for role in arguments or WANTED]
        with engine_session(_say):
            ensure_images(roles, _say)
    except HarnessError as err:
        _say(f"error: {err}")
        if err.hint:
            _say(f"hint: {err.hint}")
        return int(exit_of_error(err))
    return 0


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
