"""The generated rules, as they are but for the waiting."""

from collections.abc import Mapping
from typing import Any, Final

import yaml

from ops.containers.catalog import ROOT

GENERATED: Final = ROOT / "alerts" / "generated"


def generated_rules() -> dict[str, Any]:
    """Return the rule files that are shipped, parsed, by their names."""
    files = {
        path.name: yaml.safe_load(path.read_text()) for path in sorted(GENERATED.glob("*.y*ml"))
    }
    return {name: parsed for name, parsed in files.items() if "groups" in parsed}


def hurried(files: Mapping[str, Any], durations: Mapping[str, str]) -> dict[str, str]:
    """Return rule files as text, with each group evaluated every second and shorter waiting.

    `durations` maps "for" and "keep_firing_for" to what a test has time for. What a rule asks and
    the labels and texts that it sends stay as they are.
    """
    return {name: yaml.safe_dump(_hurried(parsed, durations)) for name, parsed in files.items()}


def _hurried(parsed: Mapping[str, Any], durations: Mapping[str, str]) -> dict[str, Any]:
    groups = [
        {
            **group,
            "interval": "1s",
            "rules": [
                {**rule, **{key: value for key, value in durations.items() if key in rule}}
                for rule in group["rules"]
            ],
        }
        for group in parsed["groups"]
    ]
    return {**parsed, "groups": groups}
