"""Alertmanager's configuration from the alerts' severities and the receivers."""

from collections.abc import Iterator, Sequence
from typing import Final

from alerts.names import (
    ACCURACY_LOW,
    ACCURACY_VERY_LOW,
    ERROR_PAGES,
    MANY_FAIL,
    MANY_SLOW,
    NOT_THERE,
    PROBE_FAILING,
    SLOW_1S,
    SLOW_2S,
    burn_alert,
)
from alerts.own_rules import OwnRules
from alerts.render import HEADER, dump
from alerts.routing.escalation import TICKET_ALERT
from alerts.routing.receivers import LEVELS, Receivers
from alerts.rule import RuleSet
from alerts.scope import matcher_of, services_of
from kit.pure.json_values import JsonObject
from slo.objective import Objective

CONFIG_PATH: Final = "generated/routing/alertmanager.yml"
_OFFICE: Final = "business-hours"
# A service that is not there has symptoms of every kind; these alerts are not among them.
_NO_SYMPTOMS: Final = (
    "Watchdog", "WatcherDown", "ProbesMissing", "BudgetNearlyExhausted", "AccuracyUnknown",
)  # fmt: skip
_GROUPED: Final = ("service", "topic", "slo", "route", "dependency")
_NO_GROUP: Final = frozenset({"escalation", "notify", "role"})
Inhibition = dict[str, list[str]]
"""One of Alertmanager's `inhibit_rules`."""
_EQUAL: Final = ("service",)
"""What the two sides of every inhibition share: two alerts that lack a label are equal in it."""


def alertmanager_config(
    receivers: Receivers,
    objectives: Sequence[Objective],
    prefix: str,
    rules: RuleSet,
    stated: OwnRules,
) -> str:
    """Return the configuration as text: routes and inhibitions are for the objectives' services.

    Another team's alerts reach one receiver of their own, and neither silence nor are silenced.
    """
    hours, own = receivers.hours, matcher_of(services_of(objectives))
    value = {
        "route": {
            "receiver": "unrouted",
            "group_by": _grouping(rules),
            "group_wait": "30s",
            "group_interval": "5m",
            "repeat_interval": "4h",
            # What no route below this one knows still wakes somebody: silence would be worse.
            "routes": [{"receiver": "page-L1", "matchers": [own], "routes": _routes()}],
        },
        "time_intervals": [
            {
                "name": _OFFICE,
                "time_intervals": [
                    {
                        "weekdays": [hours.days],
                        "times": [{"start_time": hours.start, "end_time": hours.end}],
                        "location": hours.time_zone,
                    }
                ],
            }
        ],
        "inhibit_rules": [_within(own, each) for each in _inhibitions(objectives, stated)],
        "receivers": list(receivers.values),
        "templates": ["templates/*.tmpl"],
    }
    return HEADER + dump(value).replace("%PREFIX%", prefix)


def _grouping(rules: RuleSet) -> list[str]:
    """Return the labels by which notifications are told apart: those of teams among them."""
    more = {name for alert in rules.alerts() for name, _ in alert.labels}
    return [*_GROUPED, *sorted(more - {*_GROUPED, *_NO_GROUP})]


def _routes() -> list[JsonObject]:
    def route(receiver: str, *matchers: str, **more: str | list[str]) -> JsonObject:
        return {"receiver": receiver, "matchers": list(matchers), **more}

    quick = {
        "group_wait": "10s",
        "group_interval": "1m",
        "repeat_interval": "1h",
    }
    office: JsonObject = {
        "active_time_intervals": [_OFFICE],
        "repeat_interval": "24h",
    }
    return [
        route("heartbeat", 'alertname="Watchdog"', group_wait="0s", group_interval="1m",
              repeat_interval="5m"),
        route("page-L2", f'alertname="{TICKET_ALERT}"', **office),
        *(route(f"page-{level}", f'escalation="{level}"', **quick) for level in LEVELS[1:]),
        route("page-L1", 'severity="critical"', **quick),
        route("ticket-urgent", 'severity="warning"', 'priority=~"P1|P2"'),
        route("ticket-normal", 'severity="warning"', 'priority=~"P3|P4"', **office),
        route("board", 'severity="info"', repeat_interval="24h"),
    ]  # fmt: skip


def _inhibitions(objectives: Sequence[Objective], stated: OwnRules) -> list[Inhibition]:
    """Return which alert makes which others superfluous; `stated` are the project's own."""
    names = [each.name for each in objectives]
    pages = [burn_alert(name, fast=True) for name in names]
    tickets = [burn_alert(name, fast=False) for name in names]
    symptoms = f'alertname!~"{"|".join((*NOT_THERE, *_NO_SYMPTOMS, *stated.asides))}"'
    return [
        # A dead service silences its symptoms, escalations included no page of its own.
        _inhibit([_any(NOT_THERE)], [symptoms, 'escalation=""']),
        *_of_causes(stated, pages),
        _inhibit([_any((MANY_FAIL,))], [_any((PROBE_FAILING, "RouteErrors", "RouteSlow"))]),
        # A page silences its tickets, by objective.
        _inhibit([_any(pages)], [_any(tickets)], ["slo"]),
        _inhibit([_any((MANY_SLOW,))], [_any((SLOW_2S, SLOW_1S, "RouteSlow"))]),
        _inhibit([_any((SLOW_2S,))], [_any((SLOW_1S, "RouteSlow"))]),
        _inhibit([_any((ACCURACY_VERY_LOW,))], [_any((ACCURACY_LOW, "AccuracySliceDropped"))]),
        *_of_symptoms(stated),
    ]  # fmt: skip


def _of_causes(stated: OwnRules, pages: Sequence[str]) -> Iterator[Inhibition]:
    """Yield that a project's own causes silence what fails while they last."""
    if stated.causes:
        failing = (*ERROR_PAGES, "RouteErrors", PROBE_FAILING, *pages)
        yield _inhibit([_any(stated.causes)], [_any(failing)])


def _of_symptoms(stated: OwnRules) -> Iterator[Inhibition]:
    """Yield that an alert of a project's own is silent while what explains it fires."""
    sources = dict.fromkeys(name for each in stated.rules for name in each.symptom_of)
    for name in sources:
        yield _inhibit([_any((name,))], [_any(stated.symptoms_of(name))])


def _any(names: Sequence[str]) -> str:
    return f'alertname="{names[0]}"' if len(names) == 1 else f'alertname=~"{"|".join(names)}"'


def _inhibit(source: list[str], target: list[str], equal: Sequence[str] = ()) -> Inhibition:
    return {"source_matchers": source, "target_matchers": target, "equal": [*_EQUAL, *equal]}


def _within(own: str, rule: Inhibition) -> Inhibition:
    """Return an inhibition whose two sides are alerts of our services."""
    sides = {side: [*rule[side], own] for side in ("source_matchers", "target_matchers")}
    return {**rule, **sides}
