"""The file that says who is told, and Alertmanager's form of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import yaml

from slo.errors import BadInputError
from slo.fields import Field

LEVELS: Final = ("L1", "L2", "L3", "L4")
_KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "webhook": ("url",),
    "email": ("to", "from", "smarthost", "username", "password_file"),
    "slack": ("channel", "api_url_file"),
    "pagerduty": ("routing_key_file",),
    "opsgenie": ("api_key_file", "team"),
}
_TITLE: Final = '{{ template "calendar.title" . }}'
_TEXT: Final = '{{ template "calendar.text" . }}'


@dataclass(frozen=True, slots=True)
class Hours:
    """When tickets are looked at."""

    days: str
    start: str
    end: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Receivers:
    """Receiver name to Alertmanager's value for it, and the business hours."""

    hours: Hours
    values: tuple[dict[str, Any], ...]


def read_receivers(source: str, text: str) -> Receivers:
    """Return the receivers of a file; errors name file, field, value and fix."""
    try:
        root = Field(source, "", yaml.safe_load(text))
    except yaml.YAMLError as err:
        reason = " ".join(str(err).split())
        raise BadInputError(f"{source}: is not YAML: {reason}", hint="fix the syntax") from err
    root.only("business_hours", "levels", "tickets", "heartbeat", "board")
    levels, tickets = root.need("levels"), root.need("tickets")
    levels.only(*LEVELS)
    tickets.only("urgent", "normal")
    named = {
        **{f"page-{level}": levels.need(level) for level in LEVELS},
        "ticket-urgent": tickets.need("urgent"),
        "ticket-normal": tickets.need("normal"),
        "heartbeat": root.need("heartbeat"),
        "board": root.need("board"),
    }
    return Receivers(
        _hours(root.need("business_hours")),
        tuple(_receiver(name, field) for name, field in named.items()),
    )


def _hours(field: Field) -> Hours:
    field.only("days", "from", "to", "time_zone")
    return Hours(*(field.need(key).text() for key in ("days", "from", "to", "time_zone")))


def _receiver(name: str, field: Field) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name}
    for each in field.items():
        kind = each.need("kind").choice(*_KINDS)
        each.only("kind", *_KINDS[kind])
        settings = {key: each.need(key).text() for key in _KINDS[kind]}
        value.setdefault(f"{kind}_configs", []).append(_CONFIG[kind](settings))
    if len(value) == 1:
        raise field.wrong("tells nobody", "add at least one element with a kind")
    return value


def _webhook(settings: dict[str, str]) -> dict[str, Any]:
    return {"url": settings["url"], "send_resolved": True}


def _email(settings: dict[str, str]) -> dict[str, Any]:
    return {
        "to": settings["to"],
        "from": settings["from"],
        "smarthost": settings["smarthost"],
        "auth_username": settings["username"],
        "auth_password_file": settings["password_file"],
        "headers": {"Subject": _TITLE},
        "text": _TEXT,
        "send_resolved": True,
    }


def _slack(settings: dict[str, str]) -> dict[str, Any]:
    return {**settings, "title": _TITLE, "text": _TEXT, "send_resolved": True}


def _pagerduty(settings: dict[str, str]) -> dict[str, Any]:
    return {
        **settings,
        "description": _TITLE,
        "severity": "{{ .CommonLabels.severity }}",
        "details": {"text": _TEXT},
        "send_resolved": True,
    }


def _opsgenie(settings: dict[str, str]) -> dict[str, Any]:
    return {
        "api_key_file": settings["api_key_file"],
        "message": _TITLE,
        "description": _TEXT,
        "priority": "{{ .CommonLabels.priority }}",
        "responders": [{"name": settings["team"], "type": "team"}],
        "send_resolved": True,
    }


_CONFIG: Final = {
    "webhook": _webhook,
    "email": _email,
    "slack": _slack,
    "pagerduty": _pagerduty,
    "opsgenie": _opsgenie,
}
