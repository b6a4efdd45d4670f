"""The `sre` command in this process: the same code, without the second that a start costs."""

import contextlib
import io
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from sre.running import run


def sre_here(
    arguments: Sequence[str], *, folder: Path, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run one command line in a folder, with these variables, and return what it printed."""
    out, complaint = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patched,
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(complaint),
    ):
        for name, value in environment.items():
            patched.setitem(os.environ, name, value)
        code = run(arguments)
    return subprocess.CompletedProcess(list(arguments), code, out.getvalue(), complaint.getvalue())
