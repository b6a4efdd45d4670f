"""Where everything is that a check asks: from options, else from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kit.edge.access import target_url
from kit.pure.addresses import masked, no_such_address
from kit.pure.errors import BadInputError
from service.settings import Settings

MONGODB: Final = "CALENDAR_MONGODB_URL"
REDIS: Final = "CALENDAR_REDIS_URL"
LLM: Final = "CALENDAR_LLM_URL"
PROMETHEUS: Final = "SRE_PROMETHEUS_URL"
ALERTMANAGER: Final = "SRE_ALERTMANAGER_URL"
GRAFANA: Final = "SRE_GRAFANA_URL"
LOGS: Final = "CALENDAR_LOG_DIR"
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
    question.
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


def _is_ours(name: str) -> bool:
    return name.startswith(("CALENDAR_", "SRE_"))
