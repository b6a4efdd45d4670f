"""Who does something."""

import getpass
import os


def somebody(given: str | None) -> str:
    """Return who is meant: the one given, else SRE_USER, else the user of this shell."""
    return " ".join((given or os.environ.get("SRE_USER") or getpass.getuser()).split())
