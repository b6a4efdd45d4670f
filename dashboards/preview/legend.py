"""What a series is called in a legend."""

import re
from collections.abc import Mapping
from typing import Final

_FIELD: Final = re.compile(r"\{\{\s*([\w.]+)\s*\}\}")
_AUTO: Final = frozenset({"", "__auto"})


def legend(form: str, labels: Mapping[str, str]) -> str:
    """Return Grafana's name for a series: the form filled in, or its labels."""
    if form not in _AUTO:
        return _FIELD.sub(lambda match: labels.get(match[1], ""), form).strip()
    plain = {key: value for key, value in labels.items() if key != "__name__"}
    if len(plain) == 1:
        return next(iter(plain.values()))
    inside = ", ".join(f'{key}="{value}"' for key, value in sorted(plain.items()))
    name = labels.get("__name__", "")
    return f"{name}{{{inside}}}" if inside else name or "value"
