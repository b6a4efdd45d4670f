"""The page on series that an objective counts and that are no longer there."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.given import labelled
from alerts.behaviour.pinned import Pinned, Pins, Waits
from alerts.behaviour.promtool import TOTAL as IN_ALL
from alerts.behaviour.worlds import known
from alerts.names import TOTAL
from alerts.objective_rules import read_series, up_of
from alerts.rule import Alert
from slo.objective import Objective
from slo.series import Selector

_DOWN: Final = 5  # minutes beyond the hold for which the series are gone


def gone_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return series that end with a mark, for a while or for a day, and ones that do not.

    A job that answers has begun anew; where no query names one, nobody knows.
    """
    world = _World(objective, Waits.of(alert))
    down_page = known("ServiceDown", [(1.0, world.span)], objective.service)
    found = [
        world.case("gone for a while", {}, fires=True),
        world.after_a_day(alert.name),
        world.silent("missed without a mark", world.missed()),
        world.silent("never there", {"up": f"1x{world.span}"}),
        world.case("the service is known to be down", down_page, fires=False),
    ]
    asked = up_of(read_series(objective)[0])
    if asked is None:
        return found
    up = _example(asked)
    return [
        *found,
        world.case("its job answers", {up: f"1x{world.span}"}, fires=False),
        world.case("its job does not answer", {up: f"0x{world.span}"}, fires=True),
    ]


@dataclass(frozen=True, slots=True)
class _World:
    """What an objective counts: one of its selectors is about to see its series end."""

    objective: Objective
    waits: Waits

    @property
    def story(self) -> Sequence[Segment]:
        """Return the series: five minutes, a gap with a mark, and back again."""
        return [(1.0, 5), (STALE, self.waits.hold + _DOWN), (1.0, self.waits.keep + 2)]

    @property
    def span(self) -> int:
        """Return the minutes of a case."""
        return length(self.story)

    @property
    def own(self) -> str:
        """Return the recorded series."""
        return f"{TOTAL}{labelled(self.objective)}"

    def read(self) -> tuple[str, Mapping[str, str]]:
        """Return the series that ends, and the others with their samples."""
        raw, *rest = map(_example, read_series(self.objective))
        return raw, dict.fromkeys(rest, "0+60x60")

    def case(self, name: str, more: Mapping[str, str], *, fires: bool) -> Pinned:
        """Return the series gone for a while, beside others."""
        raw, others = self.read()
        values = gauge(*self.story)
        series = {raw: values, self.own: values, **others, **more}
        if not fires:
            return self.silent(name, series)
        pins = self.waits.fires(5, 5 + self.waits.hold + _DOWN)
        return Pinned(Case(name, series, self.span, fires=True), pins)

    def silent(self, name: str, series: Mapping[str, str]) -> Pinned:
        """Return a case in which it never fires."""
        pins: Pins = {self.span - 1: 0, IN_ALL: 0}
        return Pinned(Case(name, series, self.span, fires=False), pins)

    def missed(self) -> Mapping[str, str]:
        """Return samples that a Prometheus has not stored."""
        raw, others = self.read()
        return {raw: f"1x4 _x4 1x{self.span}", self.own: f"1x{self.span}", **others}

    def after_a_day(self, alert: str) -> Pinned:
        """Return what a day leaves, only that it fires; what is given is counted, too."""
        firing = known(alert, [(1.0, self.span)], self.objective.service)
        pins: Pins = {self.waits.hold - 1: 1, self.waits.hold: 2, self.span - 1: 2}
        return Pinned(Case("gone for more than a day", firing, self.span, fires=True), pins)


def _example(selector: Selector) -> str:
    """Return a series that a selector selects."""
    inner = ",".join(f'{label}="{value}"' for label, value in _labels(selector))
    return f"{selector.metric}{{{inner}}}"


def _labels(selector: Selector) -> Iterator[tuple[str, str]]:
    """Yield labels that a selector selects: of a pattern, the first of its alternatives."""
    for label, op, value in selector.matchers:
        found = value if op == "=" else ""
        if op == "=~":
            first = re.sub(r"\([^)]*\)\?|[()^$]", "", value.partition("|")[0])
            some = re.sub(r"(?<!\\)\.[*+]", "x", first)
            found = re.sub(r"(?<!\\)\.", "5", some).replace("\\", "")
        if found:
            yield label, found
