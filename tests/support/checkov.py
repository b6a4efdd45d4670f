"""Policy findings of checkov over manifests, without a network."""

import json
import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import yaml

from tests.support.tool_environments import tools_bin
from tests.support.waiting import HANGS_S

SKIPPED: Final[Mapping[str, str]] = MappingProxyType({
    "CKV_K8S_15": "an image is named by version or digest, and air-gapped nodes have it already",
    "CKV_K8S_35": "the service reads its settings from the environment alone",
    "CKV_K8S_43": "a digest is of a registry that the chart does not know; `digest` takes it",
})  # fmt: skip
"""Checks that are not ours, and why."""


def findings(sets: Mapping[str, Sequence[dict[str, Any]]], folder: Path) -> dict[str, list[str]]:
    """Return the failed checks of each set of manifests, as `ID KIND.NAME`.

    Every set has to be looked at: one that checkov passes over raises AssertionError.
    """
    for name, objects in sets.items():
        text = yaml.dump_all(objects, Dumper=yaml.CSafeDumper, sort_keys=False)
        (folder / f"{name}.yaml").write_text(text)
    done = subprocess.run(
        [tools_bin("checkov") / "checkov", "--directory", str(folder), "--framework", "kubernetes",
         "--output", "json", "--quiet", "--compact", "--skip-download", "--soft-fail",
         "--skip-check", ",".join(SKIPPED)],
        env={**os.environ, "LOG_LEVEL": "ERROR", "PYTHONDONTWRITEBYTECODE": ""},
        capture_output=True, text=True, timeout=HANGS_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout)
    assert said["summary"]["parsing_errors"] == 0
    assert said["summary"]["passed"] > len(sets)
    found: dict[str, list[str]] = {name: [] for name in sets}
    for one in said["results"]["failed_checks"]:
        found[Path(one["file_path"]).stem].append(f"{one['check_id']} {one['resource']}")
    return found
