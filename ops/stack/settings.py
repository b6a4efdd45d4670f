"""What a team says of its stack: a TOML file, every value with a default and limits."""

import re
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, read_toml
from ops.stack.service_settings import read_service_settings

SCHEMA: Final = "calendar-sre/stack-settings/v1"
MOST_REPLICAS: Final = 15
"""The proxy has places for 20: those of an upgrade stand beside them."""
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,40}")
_MEMORY: Final = re.compile(r"(\d{1,6})([mg])")
_LEAST_MB: Final = 128
_MEGABYTES: Final = {"m": 1, "g": 1024}


class Database(StrEnum):
    """Where events are kept."""

    REPLICA_SET = "replica-set"  # three of the official image, on this machine
    EXTERNAL = "external"  # elsewhere: secrets/mongodb_url says where
    STAND_IN = "stand-in"  # one node that is not MongoDB: for trials only


class Wanted(StrEnum):
    """Whether a part shall be there."""

    AUTO = "auto"  # where its image can be had
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Settings:
    """One value per setting; deployment/stack.example.toml explains each.

    Ports are of this machine; `memory` is that of one replica, such as 512m; `rate_limit` counts
    requests of one key in a minute and `requests_per_10s` those of one address. `service` has
    settings of the service by the name of their variable.
    """

    name: str = "calendar"
    mongodb: Database = Database.REPLICA_SET
    replicas: int = 3
    memory: str = "512m"
    cpus: float = 1.0
    http_port: int = 8000
    https_port: int = 8443
    https_address: str = "127.0.0.1"
    prometheus_port: int = 9090
    alertmanager_port: int = 9093
    grafana_port: int = 3000
    grafana: Wanted = Wanted.AUTO
    certificate: str = ""
    public_url: str = ""
    rate_limit: int = 6000
    requests_per_10s: int = 2000
    receivers: str = ""
    webhook: str = ""
    probe_every_s: int = 30
    golden_every_s: int = 3600
    scrape_every_s: int = 15
    ready_within_s: int = 120
    service: tuple[tuple[str, str], ...] = ()

    @property
    def ports(self) -> dict[str, int]:
        """Return the ports of this machine by what listens there."""
        named = {f.name.removesuffix("_port"): f.name for f in fields(self) if "_port" in f.name}
        return {who: getattr(self, name) for who, name in named.items()}

    @property
    def memory_mb(self) -> int:
        """Return the memory of one replica in MiB."""
        number, unit = self.memory[:-1], self.memory[-1]
        return int(number) * _MEGABYTES[unit]


def read_settings(path: Path | None, **given: Any) -> Settings:  # Any: a value of a setting
    """Return the settings of a file, None for the defaults; what is `given` goes before.

    Raises BadInputError naming file, setting, value and what may stand there.
    """
    found = Settings() if path is None else _of_file(path)
    found = replace(found, **{name: value for name, value in given.items() if value is not None})
    return _coherent(found, str(path or "settings"))


def _of_file(path: Path) -> Settings:
    try:
        text = read_text(path)
    except OSError as err:
        raise BadInputError(
            f"{path}: {err.strerror or err}", hint="copy deployment/stack.example.toml to it"
        ) from err
    place = read_toml(str(path), text)
    place.only("schema", *(f.name for f in fields(Settings)))
    place.need("schema", f'add schema = "{SCHEMA}"').choice(SCHEMA)
    return Settings(
        **{
            f.name: _READERS[f.name](child)
            for f in fields(Settings)
            if (child := place.get(f.name)) is not None
        }
    )


def _port(place: Field) -> int:
    return place.whole(1, 65_535)


def _name(place: Field) -> str:
    if not _NAME.fullmatch(place.text()):
        raise place.wrong("is no name for a stack", "use small letters, digits, - and _")
    return place.text()


def _memory(place: Field) -> str:
    found = _MEMORY.fullmatch(place.text())
    if not found:
        raise place.wrong("is no amount of memory", "write 512m or 2g")
    if int(found[1]) * _MEGABYTES[found[2]] < _LEAST_MB:
        raise place.wrong("is too little for one replica", f"give {_LEAST_MB}m or more")
    return place.text()


def _url(place: Field) -> str:
    if not place.text().startswith(("http://", "https://")):
        raise place.wrong("is no web address", "begin it with http:// or https://")
    return place.text()


def _any_text(place: Field) -> str:
    return place.text() if place.value != "" else ""


_READERS: Final[dict[str, Any]] = {
    "name": _name,
    "service": read_service_settings,
    "mongodb": lambda place: place.word(Database),
    "replicas": lambda place: place.whole(1, MOST_REPLICAS),
    "memory": _memory,
    "cpus": lambda place: place.number(0.1, 64),
    "grafana": lambda place: place.word(Wanted),
    **dict.fromkeys(("https_address", "certificate", "receivers"), _any_text),
    **dict.fromkeys(("public_url", "webhook"), _url),
    "rate_limit": lambda place: place.whole(0, 10_000_000),
    "requests_per_10s": lambda place: place.whole(1, 10_000_000),
    "probe_every_s": lambda place: place.whole(1, 3600),
    "golden_every_s": lambda place: place.whole(0, 86_400),
    "ready_within_s": lambda place: place.whole(5, 7200),
    "scrape_every_s": lambda place: place.whole(1, 60),
    **dict.fromkeys(
        ("http_port", "https_port", "prometheus_port", "alertmanager_port", "grafana_port"), _port
    ),
}


def _coherent(found: Settings, source: str) -> Settings:
    """Return settings that do not contradict each other; else raise BadInputError."""
    by_port: dict[int, str] = {}
    for who, port in found.ports.items():
        if port in by_port:
            raise BadInputError(
                f"{source}: {who}_port and {by_port[port]}_port are both {port}",
                hint="give each a port of its own",
            )
        by_port[port] = who
    if found.receivers and found.webhook:
        raise BadInputError(
            f"{source}: receivers and webhook both say who is notified of alerts", hint="keep one"
        )
    return found
