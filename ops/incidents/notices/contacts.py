"""The file that says who is notified of an incident, and how."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from kit.edge.mail import chosen_tls, mail_address
from kit.edge.text_files import read_text
from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, closest, read_yaml
from kit.pure.urls import checked_url
from ops.incidents.notices.people import USUAL, People, Turn, read_people

SHIPPED: Final = Path(__file__).resolve().parent / "contacts.yaml"
NOBODY: Final = People({}, {}, (), None, USUAL)
_ROLE: Final = "@"
_LONGEST: Final = timedelta(days=30)
SEVERITIES: Final = ("P1", "P2", "P3", "P4")
_FIELDS: Final[Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "webhook": ((), ("url", "url_file")),
    "slack": (("url_file",), ()),
    "pagerduty": (("routing_key_file",), ("url",)),
    "email": (("to", "from", "smtp"), ("username", "password_file", "tls")),
}
"""Kind to the settings that it needs and those that it may have."""


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to one receiver: its kind and its settings, secrets only as names of files.

    With a `problem` it leads nowhere at present.
    """

    receiver: str
    kind: str
    settings: Mapping[str, str]
    problem: str = ""

    @property
    def name(self) -> str:
        """Return what the receiver is called in output."""
        return f"{self.receiver} ({self.kind})"


@dataclass(frozen=True, slots=True)
class Severity:
    """Who is notified, and how long until the next notice."""

    tell: tuple[str, ...]
    next_update: timedelta


@dataclass(frozen=True, slots=True)
class Contacts:
    """All ways by receiver, and the severities by name."""

    channels: tuple[Channel, ...]
    severities: Mapping[str, Severity]
    people: People = NOBODY

    def of(
        self, severity: str, names: Sequence[str] = (), turn: Turn | None = None
    ) -> tuple[Channel, ...]:
        """Return the ways for a severity, or those of the receivers named instead.

        An e-mail to `@primary` or another role goes to who has it in this `turn`. Raises
        BadInputError for a receiver that there is not.
        """
        known = list(dict.fromkeys(each.receiver for each in self.channels))
        wanted = names or self.severities[severity].tell
        for name in wanted:
            if name not in known:
                raise BadInputError(f"no receiver is called {name!r}", hint=closest(name, known))
        chosen = (each for each in self.channels if each.receiver in wanted)
        return tuple(self._to_whom(each, turn) for each in chosen)

    def needs_turn(self) -> bool:
        """Say whether any way is to whoever is on call."""
        return any(each.settings.get("to", "").startswith(_ROLE) for each in self.channels)

    def _to_whom(self, channel: Channel, turn: Turn | None) -> Channel:
        to = channel.settings.get("to", "")
        if not to.startswith(_ROLE):
            return channel
        person = self.people.of_role(to.removeprefix(_ROLE), turn)
        if person is None or not person.email:
            return replace(channel, problem=f"nobody with an e-mail address is {to} at present")
        return replace(channel, settings={**channel.settings, "to": person.email})


def load_contacts(path: Path) -> Contacts:
    """Return the contacts of a file; errors name file, field, value and fix."""
    try:
        text = read_text(path)
    except OSError as err:
        raise BadInputError(
            f"cannot read {path}: {err.strerror or err}", hint=f"copy {SHIPPED} and fill it in"
        ) from err
    return read_contacts(str(path), text)


def read_contacts(source: str, text: str) -> Contacts:
    """Return the contacts of a text; `source` is what errors call it."""
    root = read_yaml(source, text)
    root.only("receivers", "severities", "people", "roles", "vendors", "rotation", "escalation")
    receivers, severities = root.need("receivers"), root.need("severities")
    severities.only(*SEVERITIES)
    channels = tuple(
        _channel(name, each) for name in receivers.names() for each in _ways(receivers.need(name))
    )
    known = tuple(receivers.names())
    told = {s: _severity(severities.need(s), known) for s in SEVERITIES}
    return Contacts(channels, told, read_people(root))


def _ways(receiver: Field) -> list[Field]:
    found = list(receiver.items())
    if not found:
        raise receiver.wrong("leads nowhere", "add a way to it, or remove it")
    return found


def _channel(receiver: str, field: Field) -> Channel:
    kind = field.need("kind").choice(*_FIELDS)
    needed, allowed = _FIELDS[kind]
    field.only("kind", *needed, *allowed)
    settings = {name: field.need(name).text() for name in needed}
    for name in allowed:
        if (given := field.get(name)) is not None:
            settings[name] = given.text()
    if kind == "webhook" and len(settings) != 1:
        raise field.wrong("needs one address", "give url, or url_file when it is a secret")
    if kind == "email" and ("username" in settings) != ("password_file" in settings):
        raise field.wrong("has half a log-in", "give both username and password_file")
    if kind == "email":
        _check_tls(field, settings)
    _check_addresses(field, settings)
    return Channel(receiver, kind, settings)


def _check_addresses(field: Field, settings: Mapping[str, str]) -> None:
    """Refuse an address that nothing could be sent to, before anybody relies on it."""
    try:
        if "smtp" in settings:
            mail_address(settings["smtp"])
        if "url" in settings:
            checked_url(settings["url"], example="https://hooks.calendar.example/incidents")
    except BadInputError as err:
        name = "smtp" if "smtp" in settings else "url"
        raise field.need(name).wrong(f": {err}", err.hint) from err


def _check_tls(field: Field, settings: Mapping[str, str]) -> None:
    try:
        chosen_tls(settings.get("tls", ""), has_login="username" in settings)
    except BadInputError as err:
        raise field.need("tls").wrong(f": {err}", err.hint) from err


def _severity(field: Field, known: tuple[str, ...]) -> Severity:
    field.only("tell", "next_update")
    tell = tuple(each.choice(*known) for each in field.need("tell").items())
    if not tell:
        raise field.wrong("tells nobody", "name at least one receiver")
    update = field.need("next_update")
    return Severity(tell, _duration(update))


def _duration(field: Field) -> timedelta:
    try:
        found = timedelta(seconds=parse_prometheus(field.text()))
    except (ValueError, OverflowError) as err:
        raise field.wrong("is no duration", "write 30m, 1h or 24h") from err
    if not timedelta() < found <= _LONGEST:
        raise field.wrong("is out of range", "write a time of up to 30d, such as 1h")
    return found
