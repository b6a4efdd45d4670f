"""The service's own settings in a stack, checked by its own rules before a replica sees them."""

from collections.abc import Mapping
from typing import Final

from pydantic import SecretStr, ValidationError

from kit.pure.errors import BadInputError
from kit.pure.fields import Field, closest
from service.settings import Settings

_PREFIX: Final = "CALENDAR_"
_OURS: Final = frozenset(
    ("mongodb_url", "redis_url", "admin_key", "log_dir", "metrics_dir", "workers", "revision",
     "trusted_proxies", "rate_limit", "public_url", "auth")
)  # fmt: skip
"""What the stack itself sets: from its secrets, from its own settings, or always the same."""


def read_service_settings(place: Field) -> tuple[tuple[str, str], ...]:
    """Return the pairs of a table such as `CALENDAR_MODE = "degraded"`.

    Raises BadInputError for an unknown name, one that the stack sets, a secret, or a wrong value.
    """
    known = [f"{_PREFIX}{name.upper()}" for name in Settings.model_fields if name not in _OURS]
    place.only(*(f"{_PREFIX}{name.upper()}" for name in Settings.model_fields))
    values: dict[str, str] = {}
    for child in place.entries():
        name = child.path.rpartition(".")[2]
        field = name.removeprefix(_PREFIX).lower()
        if field in _OURS:
            raise child.wrong("is set by the stack itself", closest(name, known))
        if Settings.model_fields[field].annotation is SecretStr:
            raise Field(place.source, child.path, None).wrong(
                "is a secret, which does not stand in settings", "see docs/deployment.md, Secrets"
            )
        values[name] = _text(child)
    _check(place, values)
    return tuple(sorted(values.items()))


def env_file(values: Mapping[str, str]) -> str:
    """Return the file that Compose hands to each replica."""
    head = "# Written by `sre stack up` from [service] of its settings.\n"
    return head + "".join(f"{name}={value}\n" for name, value in values.items())


def _text(place: Field) -> str:
    if isinstance(place.value, bool):
        return str(place.value).lower()
    if isinstance(place.value, int | float):
        return f"{place.value}"
    text = place.text()
    if "\n" in text:
        raise place.wrong("has a line break", "write one line")
    return text


def _check(place: Field, values: Mapping[str, str]) -> None:
    given = {name.removeprefix(_PREFIX).lower(): value for name, value in values.items()}
    try:
        Settings.model_validate(given)
    except ValidationError as err:
        first = err.errors()[0]
        name = f"{_PREFIX}{str(first['loc'][0]).upper()}"
        raise BadInputError(
            f"{place.source}: {place.path}.{name}={first['input']!r}: {first['msg']}",
            hint="docs/service.md lists every setting and what it may be",
        ) from err
