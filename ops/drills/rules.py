"""The rules and routes of a drill: those that are shipped, with shorter delays."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.edge.shipped import HOME
from alerts.routing.config import CONFIG_PATH
from kit.edge.text_files import read_text
from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER, read_yaml
from kit.pure.json_values import JsonObject

RULES: Final = (
    HOME / "generated" / "calendar.yaml",
    HOME / "generated" / "routing" / "escalation.yaml",
)
WAITS: Final = {"for": "3s", "keep_firing_for": "3s"}
"""What a rule waits for in a drill; what it asks and sends stays as it is."""
EVERY_S: Final = 1
"""Seconds between scrapes and between evaluations in a drill."""
SHIPPED_EVERY_S: Final = 15
"""The same in deployment/prometheus/prometheus.yml."""
_DUMPER: Final = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def rule_texts(paths: Sequence[Path]) -> dict[str, str]:
    """Return rule files by name, the generated ones when none is named.

    Raises BadInputError for a file that holds no rules.
    """
    found = {}
    for path in paths or RULES:
        try:
            text = read_text(path)
            groups = read_yaml(str(path), text).need("groups").items()
            for rules in [group.need("rules").items() for group in groups]:
                list(rules)
        except (OSError, BadInputError) as err:
            raise BadInputError(
                f"{path} holds no rules: {err}", hint="name a rule file of Prometheus"
            ) from err
        found[path.name] = text
    return found


def hurried(
    text: str, waits: Mapping[str, str] = WAITS, *, every_s: int = EVERY_S,
    only: Collection[str] | None = None,
) -> str:  # fmt: skip
    """Return a rule file with each group evaluated every `every_s` seconds and shorter delays.

    `waits` maps "for" and "keep_firing_for" to what there is time for; where `only` names alerts,
    all others wait their whole `for`, so that what passes as quickly as a restart does not hide
    them. What a rule asks and the labels and texts that it sends stay as they are.
    """
    parsed = _loaded(text)
    for group in parsed["groups"]:
        group["interval"] = f"{every_s}s"
        for rule in group["rules"]:
            hurries = only is None or rule.get("alert") in only
            rule.update(
                {key: value for key, value in waits.items()
                 if key in rule and (hurries or key != "for")}
            )  # fmt: skip
    return yaml.dump(parsed, Dumper=_DUMPER, sort_keys=False)


def shipped_wait_s(
    texts: Mapping[str, str], alert: str, receiver: str, *, every_s: int = EVERY_S
) -> float:
    """Return how many seconds more the shipped rules wait before a receiver is notified.

    That is the rule's `for` and the group_wait of its route, less a drill's, plus what scraping
    and evaluating every 15 seconds instead of every `every_s` adds at most.
    """
    rules = [
        rule
        for text in texts.values()
        for group in _loaded(text)["groups"]
        for rule in group["rules"]
        if rule.get("alert") == alert
    ]
    waits = [parse_prometheus(rule["for"]) for rule in rules if "for" in rule]
    shortened = parse_prometheus(WAITS["for"]) if waits else 0.0
    root = _loaded((HOME / CONFIG_PATH).read_text(encoding="utf-8"))["route"]
    group_wait = next(
        (r["group_wait"] for r in routes_of(root)
         if r["receiver"] == receiver and "group_wait" in r),
        root["group_wait"],
    )  # fmt: skip
    every = 2 * (SHIPPED_EVERY_S - every_s)
    return max([0.0, *waits]) - shortened + parse_prometheus(group_wait) + every


def routes_of(route: JsonObject) -> Iterator[JsonObject]:
    """Yield a route of Alertmanager and all below it."""
    yield route
    for each in route.get("routes", ()):
        yield from routes_of(each)


def routes_to(url: str, *, group_wait: str = "0s", heartbeat: str = "5s") -> str:
    """Return the shipped Alertmanager configuration with every receiver at `url` and no delays.

    Business hours are all day; who is notified of what stays as it is. `heartbeat` is how often the
    Watchdog is repeated.
    """
    value: JsonObject = _loaded((HOME / CONFIG_PATH).read_text(encoding="utf-8"))
    del value["templates"]
    quick = {"group_by": ["..."], "group_wait": group_wait, "group_interval": "1s"}
    for route in routes_of(value["route"]):
        repeat = heartbeat if route["receiver"] == "heartbeat" else "1h"
        route.update(quick, repeat_interval=repeat)
    value["time_intervals"][0]["time_intervals"] = [{"weekdays": ["sunday:saturday"]}]
    for receiver in value["receivers"]:
        name = receiver["name"]
        receiver.clear()
        receiver.update(name=name, webhook_configs=[{"url": url, "send_resolved": True}])
    return yaml.safe_dump(value)


def _loaded(text: str) -> Any:  # Any: whatever YAML holds; who reads it says what it must be
    return yaml.load(text, SAFE_LOADER)  # noqa: S506 -- a safe one
