"""What testcontainers reads when it is imported, and who a test run's containers belong to."""

import os
import shutil
import tempfile
from pathlib import Path

from kit.edge.containers.session import FOLDER, SESSION

_TESTCONTAINERS = {
    # Its clean-up helper is one more image to pull; the session label does that work here.
    "TESTCONTAINERS_RYUK_DISABLED": "true",
    "TESTCONTAINERS_CONNECTION_MODE": "docker_host",
    "TESTCONTAINERS_HOST_OVERRIDE": "127.0.0.1",
}


def prepare_environment() -> None:
    """Name this test run, and set what testcontainers wants; must come before its import.

    The workers of a parallel run inherit all of it. `make test` has named the run already.
    """
    os.environ.update(_TESTCONTAINERS)
    os.environ.setdefault(SESSION, f"{os.getpid()}-{os.urandom(4).hex()}")
    own = Path(tempfile.gettempdir()) / f"calendar-sre-tests-{session_name()}"
    os.environ.setdefault(FOLDER, str(own))


def session_name() -> str:
    """Return what all containers of this test run are labelled with."""
    return os.environ[SESSION]


def session_folder() -> Path:
    """Return the folder in which the workers of this test run leave notes for each other."""
    return Path(os.environ[FOLDER])


def remove_session_folder() -> None:
    """Forget the notes, at the end of the run."""
    shutil.rmtree(session_folder(), ignore_errors=True)
