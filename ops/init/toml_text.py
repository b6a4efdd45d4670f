"""The text of a project file, each line with the reason of its guess."""

import json
from collections.abc import Iterable
from itertools import groupby
from typing import Final

from ops.init.guessing import Guess, Seen, guesses, name_of
from ops.init.openapi import Route

_HEAD: Final = """\
# What the harness knows of this service, guessed by `sre init`; each line says why.
# Correct what is wrong, then run `sre slo validate`. Paths are below the folder of this file.
schema = "sre.project/v1"
"""
_PATHS: Final = """
[paths]
objectives = "slo"
profiles = "load"
golden = "golden"
metrics = "metrics.yaml"      # every metric that was seen; a role must name one of them
build = "build"               # rules and dashboards are made here
runs = "runs"                 # records of load tests and golden runs
"""
_COMPARED: Final = {str: "exact", bool: "exact", list: "set"}
"""How a field of an answer is compared by its type; another type is ignored."""
_OK: Final = 200
_LISTS: Final = frozenset({"metrics.saturation", "metrics.dependency"})
_ORDER: Final = ("service", "metrics", "metrics.requests", "metrics.latency", "metrics.version",
                 "metrics.saturation", "alerts")  # fmt: skip


def project_text(seen: Seen, *, golden: Route | None, journey: Iterable[Route]) -> str:
    """Return the project file."""
    found = sorted(guesses(seen), key=lambda one: _ORDER.index(one.table))
    parts = [_HEAD]
    for table, lines in groupby(found, key=lambda one: one.table):
        head = f"[[{table}]]" if table in _LISTS else f"[{table}]"
        parts.append("\n".join(("", head, *map(_line, lines), "")))
        if table == "service":
            parts.append(_PATHS)
    parts.append(golden_text(golden) if golden else "")
    parts.append(journey_text(tuple(journey), name_of(seen)))
    return "".join(parts)


def golden_text(route: Route) -> str:
    """Return the table of the golden gate for a route that takes a text."""
    name = text_field(route)
    body = {**route.body, name: "{text}"} if isinstance(route.body, dict) and name else {}
    rules = {one: _COMPARED.get(type(value), "ignored") for one, value in route.answer.items()}
    return f"""
[golden]                      # {route.method} {route.template} takes a text: see golden/*.jsonl
answer = "$"                  # the whole answer; a JSONPath such as $.result takes a part
target = 0.9                  # which share of the answers has to be right
[golden.request]
method = {inline(route.method)}
path = {inline(route.path)}
body = {inline(body)}
expect = {route.status}
[golden.fields]               # a number: {{ compare = "within", by = 0.01 }}
""" + "".join(f"{_key(one)} = {inline(rule)}\n" for one, rule in rules.items())


def case_text(route: Route) -> str:
    """Return one case of the golden set, whose text and answer are for people to correct."""
    expected = {name: value for name, value in route.answer.items() if type(value) in _COMPARED}
    return json.dumps({"id": "first", "text": "example", "expected": expected}) + "\n"


def journey_text(routes: tuple[Route, ...], service: str) -> str:
    """Return a journey that asks the routes one after the other."""
    lines = [
        "",
        "# Where Prometheus scrapes `sre probe run`: alerts and a panel on the journeys follow.",
        "# [metrics.prober]",
        f'# job = "{service}-prober"',
        "",
        "[[journeys]]                  # `sre probe` walks it; reads leave nothing behind",
        'name = "first"',
        'description = "A user looks at what there is."',
    ]
    for route in routes:
        lines += ["[[journeys.steps]]", f"method = {inline(route.method)}"]
        lines += [f"path = {inline(route.path)}", f"expect = {route.status}"]
    return "\n".join(lines) + "\n"


def text_field(route: Route) -> str | None:
    """Return the field of a body that takes free text, where the answer's fields are known."""
    if route.method != "POST" or not isinstance(route.body, dict):
        return None
    if not any(type(value) in _COMPARED for value in route.answer.values()):
        return None  # nothing is known of its answer
    texts = [name for name, value in route.body.items() if isinstance(value, str)]
    usual = ("text", "query", "message", "prompt", "sentence", "input", "question")
    known = next((name for name in usual if name in texts), None)
    makes = route.status != _OK  # 201 and the like: what is sent stays
    return known or (texts[0] if len(texts) == 1 and not makes else None)


def inline(value: object) -> str:
    """Return a value as TOML writes it in one line."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_key(name)} = {inline(each)}" for name, each in value.items()
                          if each is not None)  # fmt: skip
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(inline, value))}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _quoted(value)


def _quoted(value: object) -> str:
    """Return a value as JSON, which TOML reads: it wants one more character escaped."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: object) -> str:
    text = str(name)
    plain = text.isascii() and text.replace("-", "").replace("_", "").isalnum()
    return text if plain else _quoted(text)


def _line(guess: Guess) -> str:
    return f"{guess.key} = {inline(guess.value)}".ljust(28) + f"  # {' '.join(guess.why.split())}"
