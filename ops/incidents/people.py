"""Who does something."""

import getpass
import os


def somebody(given: str | None) -> str:
    """Return who is meant: the one given, else SRE_USER, else the user of this shell."""
    for name in (given, os.environ.get("SRE_USER")):
        if words := " ".join((name or "").split()):
            return words
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # as in a container that runs under any number
        return f"user {os.getuid()}"
