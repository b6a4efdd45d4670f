"""Run promtool and amtool on files."""

import subprocess
from pathlib import Path
from typing import Any, Final

from ops.tools import tool_command
from slo.errors import BadInputError

_PATIENCE_S: Final = 300


def promtool_check(path: Path) -> dict[str, Any]:
    """Return {file, ok, says} of `promtool check rules`; UnreachableError without promtool."""
    if not path.is_file():
        raise BadInputError(f"no rule file {path}", hint="run `sre alerts build`, or name a file")
    file = path.resolve()
    done = subprocess.run(
        [*tool_command("promtool", [file.parent]), "check", "rules", str(file)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_S,
        check=False,
    )
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    told = [line for line in lines if not line.startswith("Checking ")]
    return {"file": str(path), "ok": done.returncode == 0, "says": "; ".join(told)}
