"""The values of a run's variables: drawn, fed from rows, given, or saved."""

import random
import string
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from synthetic.load.request import Draw, Feeder, Source
from synthetic.load.shape import Profile
from synthetic.steps.templates import text_filled

GIVEN: Final = frozenset({"tag", "n"})
"""Variables that every run has: the mark of what it makes, and a number that is never the same."""
MOST_REPEATED: Final = 500
"""Values that may come again: enough warm ones for any cache."""
_DEEPEST: Final = 5
"""Texts in `values` may hold variables themselves, so many times over."""


class FeederEndedError(Exception):
    """A feeder has no row left and does not begin again."""

    def __init__(self, file: str, rows: int) -> None:
        super().__init__(f"feeder {file} ended after its {rows:,} rows: add rows, or at_end: again")


class Variables:
    """Gives each request its values; the same seed gives the same."""

    def __init__(
        self, profile: Profile, tag: str, worker: int, workers: int, source: random.Random
    ) -> None:
        self._random, self._tag, self._worker = source, tag, worker
        self._sources = dict(profile.values)
        self._repeat_share = profile.repeat_share
        self.fixed: dict[str, object] = dict(profile.secrets)
        self._feeds = [_Feed(one, worker, workers, profile.seed) for one in profile.feeders]
        self._column = {name: feed for feed in self._feeds for name in feed.columns}
        saved = {name for one in (*profile.steps, *profile.before) for name, _ in one.save}
        self._own = saved | self._sources.keys() | self._column.keys() | self.fixed.keys()
        self._said: dict[str, list[object]] = {}
        self._number = 0

    def begun(self) -> dict[str, object]:
        """Return what every request has, with a number of its own.

        A profile that has a variable of such a name means its own.
        """
        self._number += 1
        given = {"tag": self._tag, "n": f"{self._worker}-{self._number}"}
        return {k: v for k, v in given.items() if k not in self._own} | self.fixed

    def draw(self, names: frozenset[str], found: dict[str, object]) -> None:
        """Add values of those names that are drawn or fed; one row gives all of its columns."""
        for name in sorted(names - found.keys()):
            if name in found:
                continue  # it came with the row of another
            if (feed := self._column.get(name)) is not None:
                found.update({k: v for k, v in feed.row().items() if k not in found})
            elif name in self._sources:
                found[name] = self._drawn(name, found, _DEEPEST)

    def _drawn(self, name: str, found: Mapping[str, object], deepest: int) -> object:
        source, said = self._sources[name], self._said.setdefault(name, [])
        if source.repeat and said and self._random.random() < self._repeat_share:
            return self._random.choice(said)
        value = _value(source, self._random)
        if isinstance(value, str) and deepest:
            inner = {
                other: self._drawn(other, found, deepest - 1)
                for other in self._sources
                if f"{{{other}}}" in value
            }
            value = text_filled(value, {**found, **inner})
        if source.repeat and len(said) < MOST_REPEATED:
            said.append(value)
        return value


class _Feed:
    """A worker's rows of one feeder: every so many-th, so that no row goes to two of them."""

    def __init__(self, feeder: Feeder, worker: int, workers: int, seed: int) -> None:
        self._feeder, self.columns = feeder, feeder.columns
        order = list(range(len(feeder.rows)))
        if feeder.shuffled:
            random.Random(seed).shuffle(order)  # noqa: S311 -- a reproducible order, no secret
        self._order = order[worker::workers] or (order if feeder.again else [])
        self._next = 0

    def row(self) -> dict[str, object]:
        if self._next >= len(self._order):
            if not self._feeder.again or not self._order:
                raise FeederEndedError(self._feeder.file, len(self._feeder.rows))
            self._next = 0
        self._next += 1
        return dict(zip(self.columns, self._feeder.rows[self._order[self._next - 1]], strict=True))


def _value(source: Source, chance: random.Random) -> object:
    if source.draw is Draw.WHOLE:
        return chance.randint(source.low, source.high)
    if source.draw is Draw.TEXT:
        return "".join(chance.choices(string.ascii_lowercase, k=source.high))
    if source.draw is Draw.UUID:
        return str(uuid.UUID(int=chance.getrandbits(128), version=4))
    if source.draw is Draw.TIME:
        later = timedelta(seconds=source.every_s * chance.randrange(source.high))
        return (datetime.fromisoformat(source.begin) + later).isoformat()
    return chance.choice(source.values)
