"""Tools of other formats, each in a virtual environment of its own below `build/tools`.

They are pinned by hash beside this file and installed once: what they need must not meddle with
what the product needs.
"""

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

from kit.edge.containers.catalog import ROOT
from tests.support.waiting import HANGS_S
from tests.support.wanted import do_without

TOOLS: Final = Path(__file__).with_name("tools")


def tools_bin(name: str) -> Path:
    """Return the folder of the commands of an environment, made from `tools/NAME.lock`."""
    lock = TOOLS / f"{name}.lock"
    made_of = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = ROOT / "build" / "tools" / f"{name}-{made_of}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with folder.with_suffix(".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "complete").is_file():
            _make(folder, lock)
    return folder / "bin"


def ask_tool(environment: str, script: str, asked: object) -> Any:
    """Return what a script of `tools/` answers, both as JSON."""
    done = subprocess.run(
        [tools_bin(environment) / "python", TOOLS / f"{script}.py"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=HANGS_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


def _make(folder: Path, lock: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(
        [sys.executable, "-m", "venv", "--without-pip", folder], check=True, timeout=HANGS_S
    )
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python")]
    pip += ["--disable-pip-version-check", "-q", "install"]
    options = ["--no-deps", "--no-compile", "--require-hashes", "-r", str(lock)]
    done = subprocess.run(
        [*pip, *options], capture_output=True, text=True, timeout=HANGS_S, check=False
    )
    if done.returncode:
        do_without(f"pip gives no {lock.stem}: {done.stderr.strip()[-300:]}")
    (folder / "complete").touch()
