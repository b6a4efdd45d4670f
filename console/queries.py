"""Ask many questions as one: every expression gets a label of its own, and `or` joins them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from threading import Lock
from typing import Final, Protocol

from kit.pure.answers import Series

_MARK: Final = "console_row"
_MOST: Final = 100
"""So many expressions in one question."""
Kind = tuple[float, ...]
"""The time of an instant, or start, end and step of a range."""


class Server(Protocol):
    """What is asked: a Prometheus."""

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        """Return a vector at an instant."""

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        """Return a matrix from start to end, both included."""


def ask(server: Server, kind: Kind, expressions: Sequence[str]) -> list[tuple[Series, ...]]:
    """Return the answer to each expression, asked together.

    Where Prometheus refuses the whole, each is asked alone, and the first refusal is raised.
    """
    found: list[tuple[Series, ...]] = []
    for first in range(0, len(expressions), _MOST):
        found += _together(server, kind, expressions[first : first + _MOST])
    return found


def _together(server: Server, kind: Kind, expressions: Sequence[str]) -> list[tuple[Series, ...]]:
    if len(expressions) == 1:
        return [_one(server, kind, expressions[0])]
    joined = " or ".join(
        f'label_replace({expression}, "{_MARK}", "{number}", "", "")'
        for number, expression in enumerate(expressions)
    )
    rows: list[list[Series]] = [[] for _ in expressions]
    for series in _one(server, kind, joined):
        labels = {name: value for name, value in series.labels.items() if name != _MARK}
        rows[int(series.labels[_MARK])].append(Series(labels, series.times, series.values))
    return [tuple(row) for row in rows]


def _one(server: Server, kind: Kind, expression: str) -> tuple[Series, ...]:
    if len(kind) == 1:
        return server.instant(expression, kind[0])
    return server.range(expression, *kind)


@dataclass(slots=True)
class Together:
    """A server for several who ask at once: when all of them wait, their questions go as one.

    Each runs in a thread of its own and calls `leave` when it has no more questions.
    """

    server: Server
    askers: int
    _lock: Lock = field(default_factory=Lock)
    _waiting: list[tuple[Kind, str, Future[tuple[Series, ...]]]] = field(default_factory=list)

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        """Return a vector at an instant."""
        return self._ask((at_s,), expression)

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        """Return a matrix from start to end, both included."""
        return self._ask((start_s, end_s, step_s), expression)

    def leave(self) -> None:
        """Say that one of the askers has no more questions."""
        with self._lock:
            self.askers -= 1
            batch = self._complete()
        self._send(batch)

    def _ask(self, kind: Kind, expression: str) -> tuple[Series, ...]:
        answer: Future[tuple[Series, ...]] = Future()
        with self._lock:
            self._waiting.append((kind, expression, answer))
            batch = self._complete()
        self._send(batch)
        return answer.result()

    def _complete(self) -> list[tuple[Kind, str, Future[tuple[Series, ...]]]]:
        if len(self._waiting) < self.askers:
            return []
        batch, self._waiting = self._waiting, []
        return batch

    def _send(self, batch: Iterable[tuple[Kind, str, Future[tuple[Series, ...]]]]) -> None:
        kinds: dict[Kind, list[tuple[str, Future[tuple[Series, ...]]]]] = {}
        for kind, expression, answer in batch:
            kinds.setdefault(kind, []).append((expression, answer))
        for kind, asked in kinds.items():
            self._answer(kind, asked)

    def _answer(self, kind: Kind, asked: list[tuple[str, Future[tuple[Series, ...]]]]) -> None:
        """Answer the questions of one time; a refusal of all of them is found out one by one."""
        try:
            found = ask(self.server, kind, [expression for expression, _ in asked])
        except BaseException as err:  # noqa: BLE001 -- whoever waits must hear of it
            alone = len(asked) > 1 and type(err).__name__ == "QueryRefusedError"
            for expression, answer in asked:
                if alone:
                    self._answer(kind, [(expression, answer)])
                else:
                    answer.set_exception(err)
            return
        for (_, answer), series in zip(asked, found, strict=True):
            answer.set_result(series)


def matcher(labels: Mapping[str, str]) -> str:
    """Return labels as PromQL selects them."""
    return ",".join(f"{name}={json.dumps(value)}" for name, value in labels.items())
