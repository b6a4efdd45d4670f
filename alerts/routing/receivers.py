"""The file that says who is notified, and Alertmanager's form of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from alerts.routing.escalation import MATRIX
from alerts.routing.hours import Hours, read_hours
from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_yaml
from kit.pure.json_values import JsonObject
from kit.pure.urls import checked_url

_HOST_AND_PORT: Final = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):[0-9]{1,5}")
LEVELS: Final = ("L1", "L2", "L3", "L4", "L5")
_MAY_LACK: Final = "L5"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "webhook": ("url",),
    "email": ("to", "from", "smarthost"),
    "slack": ("channel", "api_url_file"),
    "pagerduty": ("routing_key_file",),
    "opsgenie": ("api_key_file", "team"),
}
MORE: Final[Mapping[str, tuple[str, ...]]] = {
    "webhook": ("credentials_file",),
    "email": ("username", "password_file"),
}
"""What a receiver may have: a token for its address, an account on a mail server that wants one."""
_TITLE: Final = '{{ template "%PREFIX%.title" . }}'
_TEXT: Final = '{{ template "%PREFIX%.text" . }}'


@dataclass(frozen=True, slots=True)
class Receivers:
    """Receiver name to Alertmanager's value for it, the business hours, and each level's time."""

    hours: Hours
    values: tuple[JsonObject, ...]
    times: Mapping[str, timedelta] = field(default_factory=lambda: MATRIX)


def read_receivers(source: str, text: str) -> Receivers:
    """Return the receivers of a file; errors name file, field, value and fix."""
    root = read_yaml(source, text)
    root.only("business_hours", "levels", "escalation", "tickets", "heartbeat", "board", "unrouted")
    levels, tickets = root.need("levels"), root.need("tickets")
    levels.only(*LEVELS)
    tickets.only("urgent", "normal")
    named = {
        **{f"page-{level}": _level(level, levels) for level in LEVELS},
        "ticket-urgent": tickets.need("urgent"),
        "ticket-normal": tickets.need("normal"),
        "heartbeat": root.need("heartbeat"),
        "board": root.need("board"),
        "unrouted": root.get("unrouted") or root.need("board"),
    }
    return Receivers(
        read_hours(root.need("business_hours")),
        tuple(_receiver(name, field) for name, field in named.items()),
        _times(root.get("escalation")),
    )


def _level(level: str, levels: Field) -> Field:
    """Return whom a level notifies; the last may be left out, and is the one before it then."""
    given = levels.get(level) if level == _MAY_LACK else None
    return given or levels.need(LEVELS[-2] if level == _MAY_LACK else level)


def _times(place: Field | None) -> Mapping[str, timedelta]:
    """Return after how long each level notifies; FieldError where one comes before the last."""
    if place is None:
        return MATRIX
    place.only(*MATRIX)
    found, before = dict(MATRIX), timedelta()
    for level in MATRIX:
        if given := place.get(level):
            found[level] = _after(given)
        if found[level] <= before:
            raise (given or place).wrong(
                f"would notify {level} no later than the level before it", "give it a longer time"
            )
        before = found[level]
    return found


def _after(field: Field) -> timedelta:
    try:
        return timedelta(seconds=parse_prometheus(field.text()))
    except ValueError as err:
        raise field.wrong("is no duration", "write for example 15m or 8h") from err


def _receiver(name: str, field: Field) -> JsonObject:
    value: JsonObject = {"name": name}
    for each in field.items():
        kind = each.need("kind").choice(*KINDS)
        each.only("kind", *KINDS[kind], *MORE.get(kind, ()))
        settings = {key: _setting(key, each.need(key)) for key in KINDS[kind]}
        for key in MORE.get(kind, ()):
            if found := each.get(key):
                settings[key] = _setting(key, found)
        value.setdefault(f"{kind}_configs", []).append(_CONFIG[kind](settings))
    if len(value) == 1:
        raise field.wrong("notifies nobody", "add at least one element with a kind")
    return value


def _setting(key: str, field: Field) -> str:
    """Return a setting that Alertmanager takes: for one that it does not, it takes none."""
    text = field.text()
    if key == "url":
        try:
            checked_url(text, example="https://receiver.example/alerts")
        except BadInputError as err:
            raise field.wrong("is no URL", err.hint or "") from err
    elif key == "smarthost" and not _HOST_AND_PORT.fullmatch(text):
        raise field.wrong("is no host and port", "write for example smtp.example:587")
    elif key in {"to", "from"} and "@" not in text:
        raise field.wrong("is no mail address", "write for example ops@example.org")
    return text


def _webhook(settings: dict[str, str]) -> JsonObject:
    value: JsonObject = {"url": settings["url"], "send_resolved": True}
    if token := settings.get("credentials_file"):
        value["http_config"] = {"authorization": {"credentials_file": token}}
    return value


def _email(settings: dict[str, str]) -> JsonObject:
    return {
        "to": settings["to"],
        "from": settings["from"],
        "smarthost": settings["smarthost"],
        **{f"auth_{key}": settings[key] for key in MORE["email"] if key in settings},
        "headers": {"Subject": _TITLE},
        "text": _TEXT,
        "send_resolved": True,
    }


def _slack(settings: dict[str, str]) -> JsonObject:
    return {**settings, "title": _TITLE, "text": _TEXT, "send_resolved": True}


def _pagerduty(settings: dict[str, str]) -> JsonObject:
    return {
        **settings,
        "description": _TITLE,
        "severity": "{{ .CommonLabels.severity }}",
        "details": {"text": _TEXT},
        "send_resolved": True,
    }


def _opsgenie(settings: dict[str, str]) -> JsonObject:
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
