"""Whom the golden set is asked of."""

import contextlib
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from kit.edge.access import access
from kit.edge.target import check_ready, normalised
from synthetic.edge.golden.asking import explained_over_http, over_http
from synthetic.edge.golden.running import Ask
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

    url: str
    workers: int = 8

    @property
    def name(self) -> str:
        """Return how the record calls it."""
        return self.url

    @contextlib.contextmanager
    def asking(self) -> Iterator[Ask]:
        """Yield the way to ask; raises UnreachableError when the service does not answer."""
        base = normalised(self.url)
        check_ready(base, access=access(), path="/healthz")
        with over_http(base, access=access()) as ask:
            yield ask

    @contextlib.contextmanager
    def explaining(self) -> Iterator[Explain]:
        """Yield the way to ask what was found in a sentence."""
        with explained_over_http(normalised(self.url), access=access()) as explain:
            yield explain
