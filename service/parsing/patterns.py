"""Regular expressions that are compiled when they are first asked, so that importing is cheap."""

import re
from typing import Any, cast


class _Later:
    """Stand for a compiled expression, and keep each of its methods once it was asked for."""

    def __init__(self, source: str, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:  # Any: as `re` types each method
        compiled = re.compile(self._source, self._flags)
        for each in ("search", "match", "fullmatch", "finditer", "findall", "split", "sub"):
            setattr(self, each, getattr(compiled, each))
        return getattr(compiled, name)


def has_any(text: str, parts: tuple[str, ...]) -> bool:
    """Say whether one of the parts stands in a text; ten times as fast as an expression."""
    for part in parts:  # noqa: SIM110  # any() costs twice as much here
        if part in text:
            return True
    return False


def later(source: str, flags: int = 0) -> re.Pattern[str]:
    """Return an expression that is not compiled before it is used."""
    return cast("re.Pattern[str]", _Later(source, flags))
