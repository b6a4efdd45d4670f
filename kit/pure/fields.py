"""Read typed values out of loaded YAML or JSON; errors name file, field, value and fix."""

import difflib
import reprlib
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import inf
from typing import Any, Final, TypeVar

import yaml

from kit.pure.errors import BadInputError

_LONGEST_SHOWN: Final = 120
_DEEPEST: Final = 500
_Word = TypeVar("_Word", bound=StrEnum)


def _guarded(loader: Any) -> Any:  # Any: whichever of PyYAML's is installed
    """Return a loader of texts that refuses nesting on which the one in C ends the process."""

    class Guarded(loader):  # type: ignore[misc]  # whichever is installed
        def __init__(self, stream: str) -> None:
            _check_depth(stream)
            super().__init__(stream)

    return Guarded


def _check_depth(text: str) -> None:
    """Raise YAMLError for what is nested too deep; most texts cannot be, and are not gone through.

    A level takes a bracket, or a place in a line.
    """
    if text.count("[") + text.count("{") < _DEEPEST > max(map(len, text.split("\n"))):
        return
    depth = 0
    for event in yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise yaml.YAMLError(f"it is nested more than {_DEEPEST} levels deep")


SAFE_LOADER: Final = _guarded(getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # ten times as fast
PLAIN_LOADER: Final = _guarded(
    getattr(yaml, "CBaseLoader", yaml.BaseLoader)
)  # all scalars are text


class FieldError(BadInputError):
    """One field of one file is wrong."""

    def __init__(self, source: str, field: str, value: object, *, problem: str, fix: str) -> None:
        shown = "" if value is None else f": {_beginning(_written(value))}"
        super().__init__(f"{source}: {field}{shown} {problem}", hint=fix)
        self.source, self.field, self.value, self.problem, self.fix = (
            source,
            field,
            value,
            problem,
            fix,
        )


def _written(value: object) -> str:
    """Return a value as text; YAML's aliases can stand for more than any memory holds."""
    if isinstance(value, str):
        return repr(value[: 2 * _LONGEST_SHOWN])
    return reprlib.repr(value)


def _beginning(text: str) -> str:
    """Return a text, cut where a message would no longer be one line."""
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def closest(name: str, valid: Iterable[str]) -> str:
    """Return advice that offers the nearest other name, or lists them all.

    What was given is never offered: where it is valid and still refused, it is not the name that
    is wrong.
    """
    names = sorted(set(valid) - {name})
    if not names:
        return "there is no other"
    folded = {each.casefold(): each for each in names}
    near = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    if near:
        return f"did you mean {folded[near[0]]!r}?"
    return f"use one of: {', '.join(names)}"


@dataclass(frozen=True, slots=True)
class Field:
    """A place in a loaded document: which file, which path, what stands there."""

    source: str
    path: str
    value: object

    def wrong(self, problem: str, fix: str) -> FieldError:
        """Return the error to raise about this place."""
        return FieldError(
            self.source, self.path or "document", self.value, problem=problem, fix=fix
        )

    def _mapping(self) -> dict[str, object]:
        if not isinstance(self.value, dict):
            raise self.wrong("is not a mapping", "write `key: value` lines here")
        return self.value

    def names(self) -> tuple[str, ...]:
        """Return the keys of a mapping, as text."""
        return tuple(str(key) for key in self._mapping())

    def only(self, *allowed: str) -> None:
        """Refuse keys outside `allowed`, offering the nearest."""
        for key in self._mapping():
            if key not in allowed:
                place = Field(self.source, self._join(str(key)), None)
                raise place.wrong("is not a known field", closest(str(key), allowed))

    def without(self, *names: str, why: str) -> None:
        """Refuse fields that would be read by nobody."""
        for name in names:
            if child := self.get(name):
                raise child.wrong(why, "remove it")

    def at(self, name: str) -> "Field":
        """Return the child, whatever stands there: its value is None when it is absent or empty."""
        return Field(self.source, self._join(name), self._mapping().get(name))

    def get(self, name: str) -> "Field | None":
        """Return the child, or None when it is absent or empty."""
        child = self.at(name)
        return None if child.value is None else child

    def entries(self) -> Iterator["Field"]:
        """Yield the children of a mapping, also the empty ones."""
        return (self.at(name) for name in self.names())

    def need(self, name: str, fix: str = "") -> "Field":
        """Return the child; its absence is an error."""
        child = self.at(name)
        if child.value is None:
            raise child.wrong("is missing", fix or f"add `{name}:`")
        return child

    def items(self) -> Iterator["Field"]:
        """Yield the elements of a list."""
        if not isinstance(self.value, list):
            raise self.wrong("is not a list", "write `- …` lines here")
        for index, value in enumerate(self.value):
            yield Field(self.source, f"{self.path}[{index}]", value)

    def text(self) -> str:
        """Return a text that is not blank."""
        if not isinstance(self.value, str) or not self.value.strip():
            raise self.wrong("is not a text", "write a text, in quotes if it looks like a number")
        return self.value

    def number(self, low: float = -inf, high: float = inf) -> float:
        """Return a finite number from `low` to `high`; booleans are not numbers."""
        bounded = low > -inf or high < inf
        fix = f"use {low:g} to {high:g}" if bounded else "write a plain number such as 0.999"
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            raise self.wrong("is not a number", fix)
        try:
            number = float(self.value)
        except OverflowError:
            number = inf
        if number - number != 0:  # infinite, or not a number
            raise self.wrong("is not a number", fix)
        if not low <= number <= high:
            raise self.wrong("is out of range", fix)
        return number

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`."""
        number = self.number(low, high)
        if not number.is_integer():
            raise self.wrong("is not a whole number", "drop the fraction")
        return int(number)

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise self.wrong("is neither true nor false", "write true or false without quotes")
        return self.value

    def choice(self, *valid: str) -> str:
        """Return a text out of a closed set."""
        text = self.text()
        if text not in valid:
            raise self.wrong("is not known here", closest(text, valid))
        return text

    def word(self, kind: type[_Word]) -> _Word:
        """Return a member of an enumeration of texts."""
        return kind(self.choice(*map(str, kind)))

    def _join(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name


def read_yaml(source: str, text: str, loader: type = SAFE_LOADER) -> Field:
    """Return the document of a YAML text; BadInputError in one line when it is none.

    `loader` is one of PyYAML's safe ones.
    """
    try:
        return Field(source, "", yaml.load(text, loader))  # noqa: S506 -- a safe one
    except (yaml.YAMLError, ValueError, RecursionError) as err:  # 5,000 figures, a 13th month
        reason = " ".join(str(err).split())
        raise BadInputError(
            f"{source}: is not YAML: {reason}", hint="fix the syntax, often the indentation"
        ) from err


def read_toml(source: str, text: str) -> Field:
    """Return the document of a TOML text; BadInputError in one line when it is none."""
    try:
        return Field(source, "", tomllib.loads(text))
    except (ValueError, RecursionError) as err:  # TOMLDecodeError, or a number of 5,000 figures
        raise BadInputError(f"{source}: is not TOML: {err}", hint="correct that line") from err
