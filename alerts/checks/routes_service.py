"""routes/service: an inhibition of Alertmanager silences alerts of the service that causes it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import yaml

from alerts.checks.problem import Level, Problem
from kit.pure.json_values import JsonMapping

NAME: Final = "routes/service"
_LABEL: Final = "service"
_ROUTE: Final = re.compile(r"[\"']?\broute[\"']?\s*:")
_SIDES: Final = {
    "source": ("source_matchers", "source_match", "source_match_re"),
    "target": ("target_matchers", "target_match", "target_match_re"),
}


def is_routes(text: str) -> bool:
    """Say whether a file is a configuration of Alertmanager and no rule file."""
    if not _ROUTE.search(text):
        return False  # large files of rules are not read twice
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        return False
    return isinstance(value, dict) and "groups" not in value and "route" in value


def check_routes(file: str, text: str) -> Iterator[Problem]:
    """Yield inhibitions by which one team's alert silences another's.

    Two alerts that both lack a label are equal in it, so that each side has to ask for it as well.
    """
    listed = yaml.safe_load(text).get("inhibit_rules")
    for index, rule in enumerate(listed if isinstance(listed, list) else ()):
        if isinstance(rule, dict):
            for message, fix in _flaws(rule):
                name, line = f"inhibit_rules[{index}]", _lines(text)[index]
                yield Problem(NAME, Level.ERROR, file, line, name, "", message, fix)


def _flaws(rule: JsonMapping) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an inhibition, and what to do about it."""
    equal = rule.get("equal")
    if not isinstance(equal, list) or _LABEL not in equal:
        yield "any team's alert silences any other's", f"add `equal: [{_LABEL}]`"
    for side, keys in _SIDES.items():
        if not any(_asks(rule.get(key)) for key in keys):
            yield (
                f"its {side} may be an alert without a service, and two of those are equal",
                f'add {_LABEL}="…" to its {side} matchers',
            )


def _asks(matchers: object) -> bool:
    """Say whether matchers ask for a service, in the form of a list or the older of a mapping."""
    if isinstance(matchers, Mapping):
        return bool(matchers.get(_LABEL))
    listed = matchers if isinstance(matchers, list) else ()
    found = [each.strip() for each in listed if isinstance(each, str)]
    asking = [each for each in found if each.startswith((f"{_LABEL}=", f"{_LABEL} ="))]
    return any(each.split("=", 1)[1].strip("~ \"'") not in {"", ".*"} for each in asking)


def _lines(text: str) -> list[int]:
    """Return the line of each inhibition, counted from one."""
    root: Any = yaml.compose(text, yaml.SafeLoader)
    (listed,) = [value for key, value in root.value if key.value == "inhibit_rules"] or [None]
    return [each.start_mark.line + 1 for each in getattr(listed, "value", ())]
