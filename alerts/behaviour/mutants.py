"""Change one number, window, comparison or hold or keep time of a rule."""

import re
from collections.abc import Iterator
from typing import Final

from kit.pure.json_values import JsonMapping, JsonObject

_STRING: Final = re.compile(r'"[^"]*"')
_WINDOW: Final = re.compile(r"(\[|offset )(\d+)([smhdw])")
_NUMBER: Final = re.compile(r"(?<![\w.:\[\"(-])(\d+(?:\.\d+)?)(?![\w.:\"\]])")
_FIRST_NUMBER: Final = re.compile(r"(?<=\()(\d+(?:\.\d+)?)(?=[ ,])")
_COMPARISON: Final = re.compile(r"(?<![=!<>~])(>=|<=|==|!=|>|<)(?![=~\"])")
_OTHER: Final = {
    # A comparison turned round, and one that differs only exactly at the limit.
    ">": ("<", ">="),
    "<": (">", "<="),
    ">=": ("<", ">"),
    "<=": (">", "<"),
    "==": ("!=",),
    "!=": ("==",),
}
_EDGE: Final = re.compile(r'(?<=le=~")([12])(?=\()')
_TIME: Final = re.compile(r"(\d+)([smhd])")
_S: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}


def mutants(rule: JsonMapping) -> Iterator[tuple[str, JsonObject]]:
    """Yield (what was changed, the changed rule) for every place of the rule."""
    for change, expr in expressions(str(rule["expr"])):
        yield change, {**rule, "expr": expr}
    for key in ("for", "keep_firing_for"):
        if key in rule:
            # Half of a minute is none: that is what a step of a minute can tell apart.
            for seconds in (_seconds(rule[key]) * 2, _seconds(rule[key]) // 120 * 60):
                yield f"{key} {rule[key]} to {seconds}s", {**rule, key: f"{seconds}s"}


def expressions(expr: str) -> Iterator[tuple[str, str]]:
    """Yield (what was changed, the changed expression)."""
    masked = _STRING.sub(lambda match: '"' + "~" * (len(match[0]) - 2) + '"', expr)
    masked = re.sub(r"\{[^}]*\}", lambda match: "{" + "~" * (len(match[0]) - 2) + "}", masked)
    for match in _WINDOW.finditer(masked):
        size = int(match[2]) * _S[match[3]]
        for changed in (size * 2, size // 2):
            yield _put(expr, match.start(2), match.end(3), f"{changed}s")
    for match in _COMPARISON.finditer(masked):
        for other in _OTHER[match[0]]:
            yield _put(expr, match.start(), match.end(), other)
    for match in _EDGE.finditer(expr):
        yield _put(expr, match.start(), match.end(), "2" if match[0] == "1" else "1")
    for pattern in (_NUMBER, _FIRST_NUMBER):
        for match in pattern.finditer(masked):
            for near in _near(float(match[1])):
                yield _put(expr, match.start(1), match.end(1), f"{near:.10g}")


def _near(value: float) -> tuple[float, float]:
    """Return a tenth more and less; whole numbers move by one at least."""
    step = max(1.0, float(round(value * 0.1))) if value.is_integer() else value * 0.1
    return value + step, value - step


def _put(expr: str, start: int, end: int, text: str) -> tuple[str, str]:
    context = expr[max(0, start - 24) : start]
    change = f"at {start}: …{context}{expr[start:end]} to {text}"
    return change, expr[:start] + text + expr[end:]


def _seconds(text: str) -> int:
    return sum(int(number) * _S[unit] for number, unit in _TIME.findall(text))
