"""Read the requests of a profile, or those that a project's profiles share, and their variables."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from kit.pure.fields import Field, read_yaml
from synthetic.load.request import Draw, Feeder, FixedRequest, Scenario, Source
from synthetic.load.shape import MAX_ROUTES, Profile
from synthetic.load.variables import GIVEN
from synthetic.steps.reading import read_step

LONGEST_BODY: Final = 10 * 2**20
_MOST_TEXT: Final = 100_000


@dataclass(frozen=True, slots=True)
class Shared:
    """What the profiles of a project draw on by name: its requests, and how a run begins and ends.

    `seed` is sent before a run, `sweep` finds and removes what carries its tag, `reset` empties
    the service's caches.
    """

    requests: Mapping[str, FixedRequest]
    values: tuple[tuple[str, Source], ...] = ()
    seed: str | None = None
    sweep: tuple[FixedRequest, ...] = ()
    reset: FixedRequest | None = None

    def mixed(self, weights: tuple[tuple[str, float], ...]) -> tuple[FixedRequest, ...]:
        """Return the requests of a mix, and, with weight 0, those that save what they need."""
        wanted = {name: replace(self.requests[name], weight=weight) for name, weight in weights}
        while more := self._missing(wanted):
            wanted[more] = replace(self.requests[more], weight=0.0)
        return tuple(wanted.values())

    def _missing(self, wanted: Mapping[str, FixedRequest]) -> str | None:
        saved = {name for one in wanted.values() for name, _ in one.save}
        for name in sorted({need for one in wanted.values() for need in one.needs} - saved):
            seed = {} if self.seed is None else {self.seed: self.requests[self.seed]}
            for other, one in (*seed.items(), *self.requests.items()):
                if any(name == each for each, _ in one.save):
                    return other
        return None


NOTHING_SHARED: Final = Shared({})


def read_shared(text: str, *, source: str) -> Shared:
    """Return what a file of shared requests (YAML) states; errors name file, field and fix."""
    root = read_yaml(source, text)
    root.only("requests", "values", "seed", "sweep", "reset")
    place = root.need("requests")
    requests = {name: request(place.at(name)) for name in place.names()}
    seed, sweep, reset = (root.get(name) for name in ("seed", "sweep", "reset"))
    if seed is not None and seed.text() not in requests:
        raise seed.wrong("is none of the requests", f"name one of {', '.join(requests)}")
    given = root.get("values")
    return Shared(
        requests,
        values(given) if given else (),
        None if seed is None else seed.text(),
        tuple(map(request, sweep.items())) if sweep else (),
        None if reset is None else request(reset),
    )


def requests_in(place: Field) -> tuple[FixedRequest, ...]:
    """Return a list of requests."""
    items = some(place)
    if len(items) > MAX_ROUTES:
        raise Field(place.source, place.path, None).wrong(
            f"has {len(items):,} entries, more than {MAX_ROUTES:,}",
            f"a run keeps at most {MAX_ROUTES:,} apart: split the profile",
        )
    return tuple(map(request, items))


def request(place: Field) -> FixedRequest:
    """Return one request: a step, and its weight."""
    step, weight, named = read_step(place, "weight"), place.get("weight"), place.get("name")
    if (found := place.get("refused")) is not None:
        raise found.wrong("is for journeys", "remove it: a load run counts, and says nothing")
    letters = 0 if step.body is None else len(json.dumps(step.body, default=str))
    if letters > LONGEST_BODY:
        where = Field(place.source, place.path, None)
        raise where.wrong(f"has a body of {letters:,} letters", "keep within 10 MiB")
    return FixedRequest(
        step.method,
        step.path,
        weight.number(1e-9, 1e6) if weight else 1.0,
        step.body,
        step.headers,
        step.expect,
        step.save,
        step.route,
        named.text() if named else "",
        step.body_kind,
        step.checks,
    )


def scenarios(place: Field) -> tuple[Scenario, ...]:
    """Return what people do, step by step."""
    return tuple(map(_scenario, some(place)))


def _scenario(place: Field) -> Scenario:
    place.only("name", "weight", "steps", "think_s")
    weight, think_s = place.get("weight"), place.get("think_s")
    steps = tuple(request(each) for each in some(place.need("steps")))
    return Scenario(
        place.need("name").text(),
        weight.number(1e-9, 1e6) if weight else 1.0,
        steps,
        think_s.number(0, 3600) if think_s else 0.0,
    )


def values(place: Field) -> tuple[tuple[str, Source], ...]:
    """Return where the values of each variable come from: a list, or what is drawn."""
    return tuple((name, _source(place.at(name))) for name in place.names() if not _env(place, name))


def environment(place: Field) -> tuple[tuple[str, str], ...]:
    """Return which variables come from which names of the environment."""
    return tuple(
        (name, place.at(name).need("env").text()) for name in place.names() if _env(place, name)
    )


def _env(place: Field, name: str) -> bool:
    value = place.at(name).value
    return isinstance(value, dict) and "env" in value


def _source(place: Field) -> Source:
    if isinstance(place.value, list):
        return Source(values=tuple(each.value for each in some(place)))
    place.only("one_of", "repeat", "random", "from", "to", "length", "every_s", "count")
    if (one_of := place.get("one_of")) is not None:
        repeat = place.get("repeat")
        chosen = tuple(each.value for each in some(one_of))
        return Source(values=chosen, repeat=repeat is not None and repeat.flag())
    kind = place.need("random", "give a list, one_of, random or env")
    return _RANDOM[kind.word(Draw)](place)


def _whole(place: Field) -> Source:
    low, high = (place.need(name).whole(-(2**53), 2**53) for name in ("from", "to"))
    if low > high:
        raise place.need("to").wrong(f"is below from ({low})", "give the greater one last")
    return Source(Draw.WHOLE, low=low, high=high)


def _time(place: Field) -> Source:
    begin, count = place.need("from"), place.need("count").whole(1, 10**9)
    try:
        datetime.fromisoformat(begin.text())
    except ValueError as err:
        raise begin.wrong("is no time", "write for example 2031-01-06T09:00:00+00:00") from err
    every_s = place.need("every_s").number(1e-3, 10**9)
    return Source(Draw.TIME, high=count, begin=begin.text(), every_s=every_s)


def _listed(place: Field) -> Source:
    raise place.need("random").wrong("is a list's way", "write the values as a list")


_RANDOM: Final[Mapping[Draw, Callable[[Field], Source]]] = {
    Draw.WHOLE: _whole,
    Draw.TIME: _time,
    Draw.TEXT: lambda place: Source(Draw.TEXT, high=place.need("length").whole(1, _MOST_TEXT)),
    Draw.UUID: lambda _place: Source(Draw.UUID),
    Draw.CHOICE: _listed,
}


def feeders(place: Field) -> tuple[Feeder, ...]:
    """Return the files that rows come from; the edge reads them."""
    return tuple(map(_feeder, some(place)))


def _feeder(place: Field) -> Feeder:
    place.only("file", "order", "at_end")
    file = place.need("file")
    if not file.text().endswith((".csv", ".jsonl")):
        raise file.wrong("is neither .csv nor .jsonl", "a CSV file with a head, or JSON lines")
    order, at_end = place.get("order"), place.get("at_end")
    return Feeder(
        file.text(),
        again=at_end is None or _one_of(at_end, "again", "stop") == "again",
        shuffled=order is not None and _one_of(order, "rows", "random") == "random",
    )


def _one_of(place: Field, *words: str) -> str:
    if place.text() not in words:
        raise place.wrong("is unknown", f"write {' or '.join(words)}")
    return place.text()


def check_variables(profile: Profile, source: str) -> None:
    """Refuse a variable that nothing gives a value, before anything is sent."""
    given = {name for name, _ in profile.values} | {name for name, _ in profile.environment} | GIVEN
    given |= {column for one in profile.feeders for column in one.columns}
    for number, one in enumerate(profile.before):
        _refuse(source, f"before[{number}]", one.needs - given - _saves(one), set())
        given |= _saves(one)
    able = set(given)  # what can be had from a target that is empty
    while True:
        more = {n for one in profile.requests if one.sends <= able for n in _saves(one)}
        if more <= able:
            break
        able |= more
    saved = {name for one in profile.requests for name in _saves(one)}
    for key, requests in (("requests", profile.requests), ("clean", profile.clean)):
        scenario = {n for each in profile.scenarios for one in each.steps for n in _saves(one)}
        known = able | scenario if key == "clean" else able
        for number, one in enumerate(requests):
            _refuse(source, f"{key}[{number}]", one.needs - known - _saves(one), saved)
    for place, each in enumerate(profile.scenarios):
        known = set(given)
        for number, one in enumerate(each.steps):
            where = f"scenarios[{place}].steps[{number}]"
            _refuse(source, where, one.needs - known - _saves(one), set())
            known |= _saves(one)


def _saves(one: FixedRequest) -> frozenset[str]:
    return frozenset(name for name, _ in one.save)


def _refuse(source: str, field: str, missing: frozenset[str] | set[str], saved: set[str]) -> None:
    for name in sorted(missing):
        where = Field(source, field, None)
        if name in saved:
            problem = f"needs {{{name}}}, and what saves it needs something of its kind"
            raise where.wrong(problem, "begin with a request that needs nothing")
        fix = f"let a request save it, or give values: {name}: [...]"
        raise where.wrong(f"needs {{{name}}}, which nothing gives a value", fix)


def some(place: Field) -> tuple[Field, ...]:
    """Return the entries of a list that has some."""
    found = tuple(place.items())
    if not found:
        raise place.wrong("is not a list with something in it", "see docs/load.md")
    return found
