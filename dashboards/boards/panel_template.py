"""A panel out of its template: texts filled, thresholds looked up."""

from collections.abc import Iterator, Mapping
from contextlib import nullcontext, suppress
from dataclasses import dataclass
from typing import Final

from dashboards.boards.burning import burn_queries, burn_steps
from dashboards.boards.filling import UnboundError, Values, filled
from dashboards.boards.known import each_values, objective_numbers, objective_values
from dashboards.facts import Facts
from dashboards.panel import Kind, Panel, Query, State, Step, Unit
from dashboards.thresholds import too_high, too_low, warn_above, warn_below
from kit.pure.fields import Field, closest
from slo.objective import Objective

REST: Final = "rest"
"""Stands among the alerts of a panel for those that no other panel shows."""
PLACING: Final = ("each", "about", "of")
_KEYS: Final = (
    *PLACING, "title", "kind", "unit", "queries", "burn", "good", "otherwise", "above", "below",
    "alerts", "shows", "when_empty", "labels", "width", "height", "lowest", "highest", "decimals",
    "stacked", "tone",
)  # fmt: skip
_UNITS: Final = {unit.name.lower(): unit for unit in Unit}
_KINDS: Final = {kind.name.lower(): kind for kind in Kind}
_TONES: Final = {state.name.lower(): state for state in State}
_SHARED: Final = "share"
"""The width of a panel that stands beside those of the other objectives."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a panel may name: the project, and the objective that it is about, if any."""

    facts: Facts
    values: Values
    numbers: Mapping[str, float | None]
    objective: Objective | None = None

    def about(self, objective: Objective) -> "Scope":
        """Return the scope of one objective."""
        facts = self.facts
        return Scope(
            facts,
            {**self.values, **objective_values(objective, facts)},
            {**self.numbers, **objective_numbers(objective, facts)},
            objective,
        )

    def text(self, place: Field, name: str) -> str:
        """Return a text that must be there, filled."""
        return filled(place.need(name), self.values)


def panel_of(place: Field, scope: Scope) -> Panel:
    """Return the panel of a template.

    Raises UnboundError where the project lacks what it shows, FieldError for a mistake.
    """
    place.only(*_KEYS)
    shown = tuple(_alerts(place, scope))
    empty, labels, decimals = place.get("when_empty"), place.get("labels"), place.get("decimals")
    kind = _KINDS[place.need("kind").choice(*_KINDS)]
    return Panel(
        title=scope.text(place, "title"),
        kind=kind,
        unit=_unit(place.need("unit"), scope),
        queries=tuple(_queries(place, scope)),
        good=scope.text(place, "good"),
        otherwise=scope.text(place, "otherwise"),
        steps=_steps(place, scope, known=bool(shown) or place.get("alerts") is not None),
        alerts=shown,
        when_empty=filled(empty, scope.values) if empty else "",
        labels=tuple(filled(one, scope.values) for one in labels.items()) if labels else (),
        width=_width(place.get("width"), len(scope.facts.objectives)),
        height=height.whole(1, 50) if (height := place.get("height")) else 8,
        lowest=_number(place.get("lowest"), scope),
        highest=_number(place.get("highest"), scope),
        decimals=decimals.whole(0, 9) if decimals else None,
        stacked=stacked.flag() if (stacked := place.get("stacked")) else False,
        tone=_tone(place.get("tone")),
    )


def _unit(place: Field, scope: Scope) -> Unit:
    text = filled(place, scope.values)
    if text not in _UNITS:
        raise place.wrong("is not known here", closest(text, _UNITS))
    return _UNITS[text]


def _queries(place: Field, scope: Scope) -> Iterator[Query]:
    burn = place.get("burn")
    if burn is not None:
        yield from burn_queries(_its(burn, scope), scope.facts.recorded, burn.choice(*BURNS))
        return
    for one in place.need("queries").items():
        one.only("query", "legend", "instant", "unit", "each", "optional", "tone")
        each, optional = one.get("each"), one.get("optional")
        if each is None:
            with suppress(UnboundError) if optional and optional.flag() else nullcontext():
                yield _query(one, scope.values, scope)
            continue
        found = list(each_values(what := each.choice("dependency", "saturation"), scope.facts))
        if not found:
            raise UnboundError(what)
        yield from (_query(one, {**scope.values, **more}, scope) for more in found)


def _query(place: Field, values: Values, scope: Scope) -> Query:
    legend, unit = place.get("legend"), place.get("unit")
    return Query(
        filled(place.need("query"), values),
        filled(legend, values) if legend else "",
        instant=instant.flag() if (instant := place.get("instant")) else False,
        unit=_unit(unit, scope) if unit else None,
        tone=_tone(place.get("tone")),
    )


def _tone(place: Field | None) -> State | None:
    return None if place is None else _TONES[place.choice(*_TONES)]


BURNS: Final = ("page", "ticket")


def _its(place: Field, scope: Scope) -> Objective:
    if scope.objective is None:
        raise place.wrong("is of an objective, and the panel is about none", "add `about:`")
    return scope.objective


def _alerts(place: Field, scope: Scope) -> Iterator[str]:
    """Yield the alerts to link: those under `alerts` must exist, of `shows` those that do."""
    built = {alert.name for alert in scope.facts.alerts}
    strict = place.get("alerts")
    listed = strict or place.get("shows")
    for one in listed.items() if listed else ():
        name = filled(one, scope.values)
        if name in built or name == REST:
            yield name
        elif strict is not None:
            raise one.wrong("is no alert of this project", closest(name, built))


def _steps(place: Field, scope: Scope, *, known: bool) -> tuple[Step, ...]:
    if burn := place.get("burn"):
        return burn_steps(_its(burn, scope), burn.choice(*BURNS))
    for side, both, one in (("above", too_high, warn_above), ("below", too_low, warn_below)):
        found = place.get(side)
        if found is None:
            continue
        found.only("bad", "warning")
        bad, warning = (_step(found.get(name), scope, known=known) for name in ("bad", "warning"))
        if bad is not None:
            return both(bad=bad, warning=warning)
        return () if warning is None else one(warning)
    return ()


def _step(place: Field | None, scope: Scope, *, known: bool) -> float | None:
    """Return where a step begins; the limit of an alert that is not built draws no line."""
    limit = place is not None and place.value in scope.facts.limits
    return None if limit and not known else _number(place, scope)


def _number(place: Field | None, scope: Scope) -> float | None:
    if place is None or not isinstance(place.value, str):
        return None if place is None else _as_written(place)
    name, limits = place.value, scope.facts.limits
    if name in scope.numbers:
        return scope.numbers[name]
    if name not in limits:
        raise place.wrong(
            "is no limit of an alert or objective", closest(name, {*limits, *scope.numbers})
        )
    return float(limits[name])


def _as_written(place: Field) -> float:
    """Return a number, a whole one without a point where none was written."""
    number = place.number()
    return int(number) if isinstance(place.value, int) else number


def _width(place: Field | None, objectives: int) -> int:
    if place is None:
        return 12
    if place.value == _SHARED:
        return max(4, 24 // max(1, objectives))
    return place.whole(1, 24)
