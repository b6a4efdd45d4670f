"""The generated rules, as they are but for the waiting."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from kit.edge.containers.catalog import ROOT
from ops.drills import rules as drills
from tests.support.yaml_text import from_yaml

GENERATED: Final = ROOT / "alerts" / "generated"


def generated_rules() -> dict[str, Any]:
    """Return the rule files that are shipped, parsed, by their names."""
    files = {path.name: from_yaml(path.read_text()) for path in sorted(GENERATED.glob("*.y*ml"))}
    return {name: parsed for name, parsed in files.items() if "groups" in parsed}


def hurried(files: Mapping[str, Any], durations: Mapping[str, str]) -> dict[str, str]:
    """Return rule files as text, as drills hurry them; `durations` is what they wait for."""
    return {name: drills.hurried(yaml.safe_dump(each), durations) for name, each in files.items()}
