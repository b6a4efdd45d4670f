"""One request of a load profile, what fills it in, and what people do with several."""

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from synthetic.steps.step import Body, Check
from synthetic.steps.templates import names_in


class Draw(StrEnum):
    """Where the values of a variable come from."""

    CHOICE = "choice"
    WHOLE = "whole"  # a number between two
    TEXT = "text"  # letters, so many
    UUID = "uuid"
    TIME = "time"  # one of `count` moments, `every_s` apart, from `begin`


@dataclass(frozen=True, slots=True)
class Source:
    """The values of a variable. With `repeat` a share of them has been given before."""

    draw: Draw = Draw.CHOICE
    values: tuple[object, ...] = ()
    low: int = 0
    high: int = 0
    begin: str = ""
    every_s: float = 0.0
    repeat: bool = False


@dataclass(frozen=True, slots=True)
class Feeder:
    """Rows of a file: each request, or person, that needs a column gets the next row.

    `again` begins anew after the last row; else the run ends there. `rows` are read by the edge.
    """

    file: str
    again: bool = True
    shuffled: bool = False
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[object, ...], ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class FixedRequest:
    """One request of a profile; it is always the same unless it holds variables.

    `expect`, `save`, `checks`, `headers`, `body_kind` and `route` are those of a step. With weight
    0 it is only sent where another needs what it saves.
    """

    method: str
    path: str
    weight: float
    body: object = None
    headers: tuple[tuple[str, str], ...] = ()
    expect: tuple[int, ...] = ()
    save: tuple[tuple[str, str], ...] = ()
    route: str | None = None
    name: str = ""
    body_kind: Body = Body.JSON
    checks: tuple[Check, ...] = ()

    @property
    def needs(self) -> frozenset[str]:
        """Return the variables without which it cannot be sent."""
        return self.sends | names_in([[one.path, one.value] for one in self.checks])

    @property
    def sends(self) -> frozenset[str]:
        """Return the variables that are in what is sent."""
        return names_in([self.path, self.body, *(value for _, value in self.headers)])

    @property
    def label(self) -> str:
        """Return the row that it is counted in: method and template, and its name.

        What is in a query may be a secret: only numbers and variables of it are shown.
        """
        if self.name and self.route is None:
            return f"{self.method} {self.name}"
        row = f"{self.method} {self.route or shown_path(self.path)}"
        return f"{row}{NAMED}{self.name}" if self.name else row


NAMED: Final = " · "
"""Between the route of a row and its name."""
_PARAMETER: Final = re.compile(r"=(?!\{)(?![\d.]+(?:&|$))[^&]+")


def shown_path(path: str) -> str:
    """Return a path without what its query says in words."""
    before, mark, query = path.partition("?")
    return before + mark + _PARAMETER.sub("=…", query)


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a person does: steps one after the other, `think_s` seconds (a mean) between them.

    What a step saves is the person's own. A step that fails ends it.
    """

    name: str
    weight: float
    steps: tuple[FixedRequest, ...]
    think_s: float = 0.0
