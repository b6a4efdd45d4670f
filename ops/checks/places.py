"""Where everything is that a check asks: from options, else from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from kit.edge.access import target_url
from kit.pure.addresses import masked, no_such_address
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from service.settings import Settings

MONGODB: Final = "CALENDAR_MONGODB_URL"
REDIS: Final = "CALENDAR_REDIS_URL"
LLM: Final = "CALENDAR_LLM_URL"
PROMETHEUS: Final = "SRE_PROMETHEUS_URL"
ALERTMANAGER: Final = "SRE_ALERTMANAGER_URL"
GRAFANA: Final = "SRE_GRAFANA_URL"
LOGS: Final = "CALENDAR_LOG_DIR"
ABSENT: Final = "SRE_ABSENT"
BEGAN: Final = "SRE_BEGAN"
_MAY_BE_ABSENT: Final[Mapping[str, str]] = {
    "prometheus": PROMETHEUS,
    "alertmanager": ALERTMANAGER,
    "grafana": GRAFANA,
}
_SCHEMES: Final[Mapping[str, tuple[str, ...]]] = {
    MONGODB: ("mongodb", "mongodb+srv"),
    REDIS: ("redis", "rediss", "unix"),
    LLM: ("http", "https"),
    PROMETHEUS: ("http", "https"),
    ALERTMANAGER: ("http", "https"),
    GRAFANA: ("http", "https"),
}


@dataclass(frozen=True, slots=True)
class Places:
    """Addresses; "" where nobody gave one. URLs may hold passwords and are shown masked only.

    `settings` are the service's own, as the environment has them; `timeout_s` bounds each
    question. `absent` names what was declared not to be there, and `began` is when the whole was
    first started: before that there is nothing to judge.
    """

    service: str
    mongodb: str = field(default="", repr=False)
    redis: str = field(default="", repr=False)
    llm: str = field(default="", repr=False)
    prometheus: str = ""
    alertmanager: str = ""
    grafana: str = ""
    logs: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict, repr=False)
    timeout_s: float = 3.0
    absent: frozenset[str] = frozenset()
    began: datetime | None = None

    def since(self, span: timedelta, now: datetime) -> timedelta:
        """Return a span back from `now`, and no further back than to the first start."""
        if self.began is None:
            return span
        return max(min(span, now - self.began), timedelta(seconds=1))

    def setting(self, name: str) -> float:
        """Return a number of the service's settings: `CALENDAR_NAME`, else its own default."""
        default = float(Settings.model_fields[name].default)
        try:
            return float(self.settings.get(f"CALENDAR_{name.upper()}") or default)
        except ValueError:
            return default

    def without_secrets(self, text: str) -> str:
        """Return a text without any password, key or token that these places know of."""
        secrets = [value for name, value in self.settings.items() if name.endswith(_SECRET)]
        return masked(text, *secrets)


_SECRET: Final = ("_KEY", "_TOKEN", "_PASSWORD")


def read_places(
    environment: Mapping[str, str],
    *,
    target: str | None = None,
    mongodb: str | None = None,
    redis: str | None = None,
    llm: str | None = None,
    prometheus: str | None = None,
    alertmanager: str | None = None,
    grafana: str | None = None,
    logs: Path | None = None,
    timeout_s: float = 3.0,
) -> Places:
    """Return where things are; an option goes before its variable.

    Raises BadInputError for what is no address; its text shows no password.
    """
    folder = environment.get(LOGS)
    return Places(
        service=target_url(target),
        mongodb=_address(MONGODB, mongodb, environment),
        redis=_address(REDIS, redis, environment),
        llm=_address(LLM, llm, environment),
        prometheus=_address(PROMETHEUS, prometheus, environment),
        alertmanager=_address(ALERTMANAGER, alertmanager, environment),
        grafana=_address(GRAFANA, grafana, environment),
        logs=logs or (Path(folder) if folder else None),
        settings={name: value for name, value in environment.items() if value and _is_ours(name)},
        timeout_s=timeout_s,
        absent=_absent(environment),
        began=_began(environment),
    )


def needed(address: str, variable: str) -> str:
    """Return an address that a check cannot do without; raises BadInputError when there is none."""
    if not address:
        option = f"--{variable.split('_')[1].lower()}"
        raise BadInputError("no address to look at", hint=f"give {option} URL, or set {variable}")
    return address


def _address(variable: str, given: str | None, environment: Mapping[str, str]) -> str:
    text = (given or environment.get(variable) or "").strip()
    schemes = _SCHEMES[variable]
    scheme, separator, rest = text.partition("://")
    if text and not (separator and rest and scheme in schemes):
        raise no_such_address(variable, text, " or ".join(f"{one}://" for one in schemes))
    return text


def _absent(environment: Mapping[str, str]) -> frozenset[str]:
    """Return what SRE_ABSENT declares; raises BadInputError for what is given all the same."""
    named = [one.strip().lower() for one in environment.get(ABSENT, "").split(",") if one.strip()]
    for name in named:
        if name not in _MAY_BE_ABSENT:
            hint = closest(name, _MAY_BE_ABSENT)
            raise BadInputError(f"{ABSENT}: {name!r} cannot be absent", hint=hint)
        if environment.get(_MAY_BE_ABSENT[name]):
            raise BadInputError(
                f"{ABSENT} declares {name} absent, and {_MAY_BE_ABSENT[name]} says where it is",
                hint="unset one of the two",
            )
    return frozenset(named)


def _began(environment: Mapping[str, str]) -> datetime | None:
    text = environment.get(BEGAN, "")
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise BadInputError(f"{BEGAN}={text} is no time", hint=_MOMENT) from err
    if moment.tzinfo is None:
        raise BadInputError(f"{BEGAN}={text} has no offset", hint=_MOMENT)
    return moment


_MOMENT: Final = "write it as 2026-11-30T09:00:00+00:00"


def _is_ours(name: str) -> bool:
    return name.startswith(("CALENDAR_", "SRE_"))
