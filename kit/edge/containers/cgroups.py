"""Control groups for an engine on a machine whose init did not mount them."""

import subprocess
from pathlib import Path
from typing import Final

from kit.pure.errors import UnreachableError

_ROOT: Final = Path("/sys/fs/cgroup")
_KINDS: Final = frozenset({"cgroup", "cgroup2"})
_NEEDED: Final = "memory"


def mount_cgroups() -> None:
    """Mount the control groups where none are: version 2 if it has controllers, else version 1.

    Raises UnreachableError when the machine does not let us.
    """
    if mounted_kinds(Path("/proc/self/mounts").read_text()):
        return
    if not _ROOT.is_dir():
        _mount("-t", "sysfs", "sysfs", "/sys")
    _mount("-t", "cgroup2", "cgroup2", str(_ROOT))
    if _NEEDED in (_ROOT / "cgroup.controllers").read_text().split():
        return
    subprocess.run(("umount", str(_ROOT)), check=True)
    _mount("-t", "tmpfs", "-o", "mode=755", "cgroup", str(_ROOT))
    for controller in version_1_controllers(Path("/proc/cgroups").read_text()):
        (_ROOT / controller).mkdir()
        _mount("-t", "cgroup", "-o", controller, "cgroup", str(_ROOT / controller))


def mounted_kinds(mounts: str) -> frozenset[str]:
    """Return which control group file systems a `/proc/mounts` text lists."""
    kinds = {fields[2] for fields in map(str.split, mounts.splitlines()) if len(fields) > 2}  # noqa: PLR2004 the third column is the type
    return _KINDS & kinds


def version_1_controllers(cgroups: str) -> tuple[str, ...]:
    """Return the controllers that a `/proc/cgroups` text lists as enabled."""
    rows = [line.split() for line in cgroups.splitlines() if not line.startswith("#")]
    return tuple(name for name, _, _, enabled in rows if enabled == "1")


def _mount(*arguments: str) -> None:
    done = subprocess.run(("mount", *arguments), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        message = f"control groups cannot be mounted: {done.stderr.strip()}"
        raise UnreachableError(message, hint="start Docker outside, where its socket is visible")
