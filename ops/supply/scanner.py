"""Known vulnerabilities of an image, by whatever scanner is on PATH."""

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from kit.pure.json_values import JsonMapping
from ops.maintenance.audit import Known

_GRAVE: Final = frozenset({"critical", "high"})


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scanner knows: `grave` has a severity of critical or high, `known` all of them."""

    tool: str
    known: tuple[Known, ...]
    grave: tuple[Known, ...]


def scan(reference: str, *, timeout_s: float) -> Scan | str:
    """Return what the first scanner that is here says, or why nobody says anything."""
    tool = next((name for name in _TOOLS if shutil.which(name)), None)
    if tool is None:
        return f"no {' or '.join(_TOOLS)} on PATH"
    words, read = _TOOLS[tool]
    try:
        done = subprocess.run(
            [tool, *words, reference], capture_output=True, text=True, errors="replace",
            timeout=timeout_s, check=False,
        )  # fmt: skip
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (OSError, subprocess.TimeoutExpired, ValueError) as err:
        return f"{tool} gives no answer: {err}"
    if answer is None:
        lines = done.stderr.strip().splitlines() or [f"nothing, and ended with {done.returncode}"]
        return f"{tool} said: {lines[-1][:300]}"
    try:
        found = list(read(answer))
    except (KeyError, TypeError, AttributeError, LookupError) as err:
        return f"{tool} gives an answer that is none: {type(err).__name__} {err}"
    grave = tuple(one for one, severity in found if severity.lower() in _GRAVE)
    return Scan(tool, tuple(one for one, _ in found), grave)


def _trivy(answer: JsonMapping) -> Iterator[tuple[Known, str]]:
    results = answer["Results"]
    if not any(one.get("Class") == "os-pkgs" for one in results):
        raise LookupError("it saw no packages of a system")
    for result in results:
        for one in result.get("Vulnerabilities") or ():
            fixed = (one["FixedVersion"],) if one.get("FixedVersion") else ()
            yield (
                Known(one["PkgName"], one["InstalledVersion"], one["VulnerabilityID"], fixed),
                one["Severity"],
            )


def _grype(answer: JsonMapping) -> Iterator[tuple[Known, str]]:
    if not answer.get("distro", {}).get("name"):
        raise LookupError("it saw no packages of a system")
    for one in answer["matches"]:
        hole, artifact = one["vulnerability"], one["artifact"]
        fixed = tuple(hole.get("fix", {}).get("versions") or ())
        yield Known(artifact["name"], artifact["version"], hole["id"], fixed), hole["severity"]


_Reader = Callable[[JsonMapping], Iterator[tuple[Known, str]]]
_TOOLS: Final[Mapping[str, tuple[tuple[str, ...], _Reader]]] = {
    "trivy": (("image", "--quiet", "--format", "json", "--scanners", "vuln"), _trivy),
    "grype": (("--quiet", "--output", "json"), _grype),
}
