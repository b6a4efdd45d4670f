"""Put what a project has where a template of dashboards has a name in angle brackets."""

import re
from collections.abc import Mapping
from typing import Final

from kit.pure.fields import Field, closest

_NAME: Final = re.compile(r"<([a-zA-Z_.]+)>")

Values = Mapping[str, str | None]
"""What each name stands for; None is one that this project does not have."""


class UnboundError(ValueError):
    """A template names what this project does not have."""

    def __init__(self, name: str) -> None:
        super().__init__(f"nothing is bound to {name}")
        self.name = name


def filled(place: Field, values: Values) -> str:
    """Return a text with each name replaced.

    Raises UnboundError for a name that stands for nothing here, FieldError for one that there is
    not.
    """

    def put(match: re.Match[str]) -> str:
        name = match[1]
        if name not in values:
            raise place.wrong(f"names <{name}>, which there is not", closest(name, values))
        if (value := values[name]) is None:
            raise UnboundError(name)
        return value

    return _NAME.sub(put, place.text())
