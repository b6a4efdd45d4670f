"""A request as data: what is sent, what may come back, what is kept of it and what must hold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final

import jsonpath

OPERATIONS: Final = ("equals", "matches", "contains", "moment", "within", "exists", "apart")
"""What a check may demand of the values at its path."""


HEADER: Final = "header:"
TEXT: Final = "text"
"""Where a value is that is no JSONPath: in a header of that name, or the whole answer."""


class Body(StrEnum):
    """How a request's body is written."""

    JSON = "json"
    TEXT = "text"
    FORM = "form"  # application/x-www-form-urlencoded


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold of an answer.

    `path` finds values in it: a JSONPath (RFC 9535), `header:NAME`, or `text` for all of it.
    `value`
    is what `operation` compares them with, and may hold variables. `says` is what is said where it
    does not hold.
    """

    path: str
    operation: str
    value: object
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One request; texts in it may hold variables such as `{id}`.

    `expect` are the statuses that it may get, empty for any of 2xx. `save` maps variables to where
    their values are: a JSONPath, or `header:NAME`. `route` is the template that the service counts
    it under, where that is not `path` without its query. `refused` is what is said of another
    status.
    """

    method: str
    path: str
    name: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    body: object = None
    expect: tuple[int, ...] = ()
    save: tuple[tuple[str, str], ...] = ()
    checks: tuple[Check, ...] = ()
    route: str | None = None
    refused: str | None = None
    body_kind: Body = Body.JSON

    def accepts(self, status: int) -> bool:
        """Say whether an answer with `status` is one that the step may get."""
        if self.expect:
            return status in self.expect
        return 200 <= status < 300  # noqa: PLR2004 -- RFC 9110 section 15.3: successful


@dataclass(frozen=True, slots=True)
class Journey:
    """Steps in their order; `clean` are done when one of the steps has failed."""

    name: str
    description: str
    steps: tuple[Step, ...]
    clean: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as far as steps look at it; `content` is its JSON, None where there is none.

    Headers have small letters.
    """

    status: int
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    text: str = ""

    def at(self, where: str) -> list[object]:
        """Return every value at a JSONPath, in a header, or all of the text."""
        if where.startswith(HEADER):
            value = self.headers.get(where.removeprefix(HEADER).strip().lower())
            return [] if value is None else [value]
        if where == TEXT:
            return [self.text]
        return values_at(where, self.content)


def values_at(path: str, content: object) -> list[object]:
    """Return every value that a JSONPath finds; nothing is found in what is no JSON container."""
    if not isinstance(content, dict | list):
        return [content] if path == "$" else []
    return list(_compiled(path).findall(content))


@lru_cache(maxsize=1000)
def _compiled(path: str) -> jsonpath.JSONPath | jsonpath.CompoundJSONPath:
    return jsonpath.compile(path)


def value_at(path: str, content: object) -> object:
    """Return the first value that a JSONPath finds, None where it finds none."""
    return next(iter(values_at(path, content)), None)


def why_no_path(path: str) -> str | None:
    """Return why a text is no JSONPath, None where it is one."""
    try:
        jsonpath.compile(path)
    except jsonpath.JSONPathError as err:
        return " ".join(str(err).split())
    return None
