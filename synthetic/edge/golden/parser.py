"""Whom the golden set is asked of."""

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol

from kit.edge.access import access
from kit.edge.target import addressed, check_ready, normalised
from synthetic.edge.golden.judged_answers import Ask
from synthetic.edge.golden.over_http import explained_over_http, over_http
from synthetic.golden.stages import Explain


class Parser(Protocol):
    """What answers the sentences of a set."""

    @property
    def name(self) -> str:
        """Return how the record calls it."""

    @property
    def workers(self) -> int:
        """Return how many sentences it may be asked at once."""

    def asking(self) -> AbstractContextManager[Ask]:
        """Return the way to ask; entering raises UnreachableError when nothing answers."""

    def explaining(self) -> AbstractContextManager[Explain]:
        """Return the way to ask what was found in a sentence."""


@dataclass(frozen=True, slots=True)
class HttpParser:
    """The service at `url`."""

    url: str = field(repr=False)
    workers: int = 8
    ready_path: str = "/healthz"

    @property
    def name(self) -> str:
        """Return how the record calls it."""
        return normalised(self.url)

    @contextlib.contextmanager
    def asking(self) -> Iterator[Ask]:
        """Yield the way to ask; raises UnreachableError when the service does not answer."""
        base, known = addressed(self.url, access())
        check_ready(base, access=known, path=self.ready_path)
        with over_http(base, access=known) as ask:
            yield ask

    @contextlib.contextmanager
    def explaining(self) -> Iterator[Explain]:
        """Yield the way to ask what was found in a sentence."""
        base, known = addressed(self.url, access())
        with explained_over_http(base, access=known) as explain:
            yield explain
