"""The file that says who is notified, and Alertmanager's form of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from alerts.routing.hours import Hours, read_hours
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_yaml
from kit.pure.urls import checked_url

_HOST_AND_PORT: Final = re.compile(r"(\[[0-9a-fA-F:]+\]|[^\s:]+):[0-9]{1,5}")
LEVELS: Final = ("L1", "L2", "L3", "L4")
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
    """Receiver name to Alertmanager's value for it, and the business hours."""

    hours: Hours
    values: tuple[dict[str, Any], ...]


def read_receivers(source: str, text: str) -> Receivers:
    """Return the receivers of a file; errors name file, field, value and fix."""
    root = read_yaml(source, text)
    root.only("business_hours", "levels", "tickets", "heartbeat", "board", "unrouted")
    levels, tickets = root.need("levels"), root.need("tickets")
    levels.only(*LEVELS)
    tickets.only("urgent", "normal")
    named = {
        **{f"page-{level}": levels.need(level) for level in LEVELS},
        "ticket-urgent": tickets.need("urgent"),
        "ticket-normal": tickets.need("normal"),
        "heartbeat": root.need("heartbeat"),
        "board": root.need("board"),
        "unrouted": root.get("unrouted") or root.need("board"),
    }
    return Receivers(
        read_hours(root.need("business_hours")),
        tuple(_receiver(name, field) for name, field in named.items()),
    )


def _receiver(name: str, field: Field) -> dict[str, Any]:
    value: dict[str, Any] = {"name": name}
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


def _webhook(settings: dict[str, str]) -> dict[str, Any]:
    value: dict[str, Any] = {"url": settings["url"], "send_resolved": True}
    if token := settings.get("credentials_file"):
        value["http_config"] = {"authorization": {"credentials_file": token}}
    return value


def _email(settings: dict[str, str]) -> dict[str, Any]:
    return {
        "to": settings["to"],
        "from": settings["from"],
        "smarthost": settings["smarthost"],
        **{f"auth_{key}": settings[key] for key in MORE["email"] if key in settings},
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
