"""What differs between the rules that are meant and those that a server runs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import promql_parser as promql

from kit.pure.durations import parse_prometheus
from kit.pure.json_values import JsonMapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in a form in which equal rules are equal."""

    file: str
    group: str
    interval_s: float | None
    index: int
    kind: str
    name: str
    expr: str
    hold_s: float
    keep_s: float
    labels: tuple[tuple[str, str], ...]
    annotations: tuple[tuple[str, str], ...]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what makes it the same rule before and after a change."""
        return (self.group, self.kind, self.name, str(self.labels) if self.kind == "record" else "")

    @property
    def full_name(self) -> str:
        """Return what people see: `group/name`."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True, slots=True)
class Difference:
    """Names of rules, as `group/name`."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)

    def lines(self) -> tuple[str, ...]:
        """Return one line for each, marked with +, - or ~."""
        marked = (("+", self.added), ("-", self.removed), ("~", self.changed))
        return tuple(f"{mark} {name}" for mark, names in marked for name in names)


def intended(files: Mapping[str, JsonMapping]) -> tuple[Rule, ...]:
    """Return the rules of parsed rule files by their file name."""
    return tuple(
        _from_file(name, group, index, rule)
        for name, parsed in files.items()
        for group in parsed["groups"]
        for index, rule in enumerate(group["rules"])
    )


def running(groups: Iterable[JsonMapping], files: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of `/api/v1/rules` that come from files of these names."""
    wanted = set(files)
    return tuple(
        _from_server(group, index, rule)
        for group in groups
        if _base(group["file"]) in wanted
        for index, rule in enumerate(group["rules"])
    )


def difference(meant: Iterable[Rule], live: Iterable[Rule]) -> Difference:
    """Return what a deploy would change; a missing interval is the server's own."""
    new, old = {rule.key: rule for rule in meant}, {rule.key: rule for rule in live}
    both = new.keys() & old.keys()
    return Difference(
        added=tuple(sorted(new[key].full_name for key in new.keys() - old.keys())),
        removed=tuple(sorted(old[key].full_name for key in old.keys() - new.keys())),
        changed=tuple(sorted(new[key].full_name for key in both if not _same(new[key], old[key]))),
    )


def _same(meant: Rule, live: Rule) -> bool:
    if meant.interval_s is not None and meant.interval_s != live.interval_s:
        return False
    return all(
        getattr(meant, part) == getattr(live, part)
        for part in ("file", "index", "expr", "hold_s", "keep_s", "labels", "annotations")
    )


def _base(path: str) -> str:
    return path.rsplit("/", 1)[-1]


def canonical(expr: str) -> str:
    """Return an expression as promql-parser writes it, so that layout makes no difference."""
    return str(promql.parse(expr).prettify())


def _pairs(value: Mapping[str, str] | None) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((value or {}).items()))


def _from_file(file: str, group: JsonMapping, index: int, rule: JsonMapping) -> Rule:
    kind = "alert" if "alert" in rule else "record"
    interval = group.get("interval")
    return Rule(
        file,
        group["name"],
        None if interval is None else parse_prometheus(str(interval)),
        index,
        kind,
        rule[kind],
        canonical(str(rule["expr"])),
        parse_prometheus(str(rule.get("for", "0s"))),
        parse_prometheus(str(rule.get("keep_firing_for", "0s"))),
        _pairs(rule.get("labels")),
        _pairs(rule.get("annotations")),
    )


def _from_server(group: JsonMapping, index: int, rule: JsonMapping) -> Rule:
    return Rule(
        _base(group["file"]),
        group["name"],
        float(group["interval"]),
        index,
        "alert" if rule["type"] == "alerting" else "record",
        rule["name"],
        canonical(rule["query"]),
        float(rule.get("duration", 0)),
        float(rule.get("keepFiringFor", 0)),
        _pairs(rule.get("labels")),
        _pairs(rule.get("annotations")),
    )
