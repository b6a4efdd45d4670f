"""Put values where Grafana's variables stand in an expression."""

import re
from collections.abc import Mapping
from typing import Final

from dashboards.document import Dashboard, Variable

VARIABLE: Final = re.compile(
    r"\$\{(\w+)(?:\.[^}:]+)?(?::[^}]*)?\}|\[\[(\w+)(?::[^\]]*)?\]\]|\$(\w+)"
)
"""`$name`, `${name}`, `${name:format}`, `${name.field}`, and `[[name]]` of old."""
_SAMPLES: Final = {
    "__rate_interval": "5m",
    "__interval": "1m",
    "__interval_ms": "60000",
    "__range": "6h",
    "__range_s": "21600",
    "__range_ms": "21600000",
    "__from": "0",
    "__to": "0",
}
_ALL: Final = "$__all"


def expand(expr: str, values: Mapping[str, str]) -> str:
    """Return `expr` with known variables replaced; as in Grafana, unknown ones stay.

    A value may name another variable, so this repeats; a circle ends after a few rounds.
    """
    for _ in range(4):
        replaced = VARIABLE.sub(lambda match: values.get(_name(match), match[0]), expr)
        if replaced == expr:
            break
        expr = replaced
    return expr


def used(expr: str) -> tuple[str, ...]:
    """Return the names of the variables in an expression, in the order of appearance."""
    return tuple(_name(match) for match in VARIABLE.finditer(expr))


def sample_values(dashboard: Dashboard) -> dict[str, str]:
    """Return a value for each variable: as the dashboard opens, everything where "All" is."""
    own = {variable.name: _opening(variable) for variable in dashboard.variables}
    made = {f"__auto_interval_{name}": _SAMPLES["__interval"] for name in own}
    return _SAMPLES | made | own


def times(step_s: float, range_s: float, scrape_s: float) -> dict[str, str]:
    """Return Grafana's variables of time for a step, a range and a scrape interval in seconds.

    `$__rate_interval` is the larger of step + scrape interval and four scrape intervals
    (Grafana's documentation of the Prometheus data source).
    """
    rate_s = max(step_s + scrape_s, 4 * scrape_s)
    return {
        "__rate_interval": f"{round(rate_s)}s",
        "__interval": f"{round(step_s)}s",
        "__interval_ms": str(round(step_s * 1000)),
        "__range": f"{round(range_s)}s",
        "__range_s": str(round(range_s)),
        "__range_ms": str(round(range_s * 1000)),
    }


def _opening(variable: Variable) -> str:
    current = variable.current
    if variable.include_all and current in {"", _ALL, "All"}:
        return variable.all_value or ".+"
    if current and not current.startswith("$"):
        return current
    if variable.options:
        return variable.options[0]
    return _SAMPLES["__interval"] if variable.kind == "interval" else ".+"


def _name(match: re.Match[str]) -> str:
    return match[1] or match[2] or match[3]
