"""Every name that people and machines outside of this repository hold on to."""

import re
from collections.abc import Iterator
from typing import Any

from tests.compat import product

_SCHEMA = r"calendar-sre/[a-z-]+/v\d+"
Names = dict[str, list[str]]
"""A name, and what belongs to it: options of a verb, labels of a metric, fields of a route."""


def names() -> dict[str, Names]:
    """Return the names of today, by what they are of."""
    source = product.source()
    return {
        "verbs": _verbs(),
        "exit codes": {code.name: [str(int(code))] for code in product.Exit},
        "variables": {name: [] for name in sorted(product.variables(source))},
        "schemas": {name: [] for name in sorted(set(re.findall(_SCHEMA, source)))},
        "metrics": {m.name: [f"kind {m.kind}", *sorted(m.labels)] for m in product.METRICS},
        "alerts": _rules("alert"),
        "recorded series": _rules("record"),
        "problems": {code: [str(status)] for code, (status, _) in product.CODES.items()},
        "routes": dict(_routes(product.openapi())),
    }


def lost(before: dict[str, Names], now: dict[str, Names]) -> list[str]:
    """Return what was there and is no longer, each as one sentence."""
    found = []
    for kind, known in before.items():
        for name, parts in known.items():
            if name not in now.get(kind, {}):
                found.append(f"{kind}: {name} is gone")
                continue
            gone = [part for part in parts if part not in now[kind][name]]
            found += [f"{kind}: {name} has no {part} any more" for part in gone]
    return found


def _verbs() -> Names:
    return {
        path: sorted({word for param in verb.params for word in (*param.opts, *_second(param))})
        for path, verb in product.commands(product.command())
    }


def _second(param: Any) -> list[str]:
    return [*param.secondary_opts, *([f"env {param.envvar}"] if param.envvar else [])]


def _rules(kind: str) -> Names:
    """Return the rules of a kind with the names of their labels; those of priority with values."""
    found: Names = {}
    for rule in product.rules():
        if kind not in rule:
            continue
        labels = rule.get("labels", {})
        told = {f"label {name}" for name in labels}
        told |= {
            f"{name} {labels[name]}" for name in ("severity", "priority", "slo") & labels.keys()
        }
        found[rule[kind]] = sorted({*found.get(rule[kind], []), *told})
    return found


def _routes(document: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    parts = document["components"]["schemas"]
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            told = [f"status {status}" for status in operation["responses"]]
            told += [f"{p['in']} {p['name']}" for p in operation.get("parameters", ())]
            taken = operation.get("requestBody", {}).get("content", {})
            told += [f"takes {field}" for field in _fields(taken, parts)]
            for answer in operation["responses"].values():
                told += [f"gives {field}" for field in _fields(answer.get("content", {}), parts)]
            yield f"{method.upper()} {path}", sorted(set(told))


def _fields(content: dict[str, Any], parts: dict[str, Any]) -> Iterator[str]:
    for media in content.values():
        yield from _below(media.get("schema", {}), parts, "")


def _below(schema: dict[str, Any], parts: dict[str, Any], path: str) -> Iterator[str]:
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        schema = parts[name]
    for field, inner in schema.get("properties", {}).items():
        yield f"{path}{field}"
        yield from _below(inner, parts, f"{path}{field}.")
    if "items" in schema:
        yield from _below(schema["items"], parts, f"{path}[].")
    for choice in schema.get("anyOf", ()):
        yield from _below(choice, parts, path)
