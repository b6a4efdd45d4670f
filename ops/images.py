"""`python -m ops.images`: make sure of an engine and of every image that tests and tools run."""

import sys

from ops.containers.catalog import WANTED
from ops.containers.images import ImageLadder


def main() -> int:
    """Climb the ladder for the roles named, or for all that tests and tools run."""
    ladder = ImageLadder(lambda line: print(line, file=sys.stderr, flush=True))  # noqa: T201 progress is for the terminal
    for role in sys.argv[1:] or WANTED:
        ladder.ensure(role)
    return 0


if __name__ == "__main__":
    sys.exit(main())
