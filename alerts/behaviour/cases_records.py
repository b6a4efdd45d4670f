"""What each recording rule records, computed here by hand from the series that it is given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from statistics import fmean
from typing import Final

from alerts.about import About
from alerts.behaviour.translate import EARLY, said
from alerts.behaviour.worlds import API, WHOLE
from alerts.expressions import number
from alerts.names import BAD, ROUTE_BAD, ROUTE_TOTAL, SPENT, TOTAL, USUAL, WATCHED, over_early
from alerts.trouble import Trouble
from kit.pure.json_values import JsonMapping
from slo.objective import Objective

Answers = Mapping[str, float | None]
Rule = JsonMapping
_M: Final = 60
_H: Final = 60 * _M
_D: Final = 24 * _H
_SLO: Final = '{stream="errors"}'
_PART: Final = WHOLE.replace('"all"', '"part"')
_HTTP: Final = f'{API},method="GET"'


@dataclass(frozen=True, slots=True)
class RecordCase:
    """Samples `every_s` seconds and, half of that after a sample at `at_s`, what is recorded.

    Half-way between samples a window holds the same samples whether its ends belong to it or not,
    which differs between versions of Prometheus. None means that nothing may be recorded. Both
    times are the same in all cases of a rule, so that it is evaluated once and not all the way.
    """

    name: str
    series: Mapping[str, str]
    every_s: int
    at_s: int
    answers: Answers


def key_of(rule: Rule) -> str:
    """Return the name of a recording rule, with its SLO when several record the same series."""
    name = str(rule["record"]).replace(":", "-")
    slo = rule.get("labels", {}).get("slo")
    return f"{name}.{slo}" if slo else name


def record_cases(rules: Iterable[Rule], about: About) -> dict[str, list[RecordCase]]:
    """Return the cases by recording rule, for those among the rules of a rule file."""
    return {
        key_of(rule): [_said(each, about) for each in _cases(rule, about)]
        for rule in rules
        if "record" in rule
    }


def _said(case: RecordCase, about: About) -> RecordCase:
    """Return a case in the names of the project."""
    series = {key: values for raw, values in case.series.items() for key in said(raw, about)}
    answers = {key: value for raw, value in case.answers.items() for key in said(raw, about)}
    return replace(case, series=series, answers=answers)


def _cases(rule: Rule, about: About) -> list[RecordCase]:
    series, slo = str(rule["record"]), rule.get("labels", {}).get("slo", "")
    latency = about.project.roles.latency
    if latency and latency.early and series == over_early(latency.early):
        return _durations(EARLY, None)
    objective = next((each for each in about.objectives if each.name == slo), None)
    if series.startswith("slo:bad_ratio:"):
        return _ratio(series)
    if series == WATCHED:
        return _watched(slo)
    if series == SPENT:
        return _spent(slo, objective.budget if objective else 1.0)
    if series == USUAL:
        return _usual()
    return _rates(series, objective, about.troubles.get(slo))


def _ratio(series: str) -> list[RecordCase]:
    """Return a rising rate of bad events: its mean tells how many of its samples were added."""
    minutes = _minutes(series.rsplit(":", 1)[1])
    bad, total, own = BAD + _SLO, TOTAL + _SLO, series + _SLO
    at = minutes + 10 if minutes < _D // _M else minutes + 60
    count = 1 if minutes == 2 else minutes - 2  # noqa: PLR2004 -- two minutes are the base
    mean = fmean(range(at - count + 1, at + 1))

    def case(name: str, slope: str, amount: str, answer: float | None) -> RecordCase:
        given = {bad: f"{slope}x{at + 1}", total: f"{amount}x{at + 1}"}
        return RecordCase(name, given, _M, at * _M, {own: answer})

    return [
        case("all of the window and nothing else", "0+1", "1000", mean / 1000),
        case("hardly any traffic", "0+0.0001", "0.0002", mean / 2),
        case("no traffic", "0+0", "0", None),
    ]


def _minutes(window: str) -> int:
    return int(window[:-1]) * {"m": 1, "h": 60, "d": 1440}[window[-1]]


def _usual() -> list[RecordCase]:
    """Return eight days that rise or fall, two days, and three hours."""
    total, every = TOTAL + _SLO, 5 * _M
    own = USUAL

    def mean(start: float, slope: float, at_s: int, back_s: int, window_s: int) -> float:
        """Return the mean of the samples of a window that ended so long ago."""
        last = (at_s - back_s) // every
        return start + slope * (last - (window_s // every - 1) / 2)

    last = 8 * _D // every - 1

    def case(
        name: str, start: float, slope: float, span: int, back: int, window: int
    ) -> RecordCase:
        count = span // every
        given = {total: _late(f"{start:g}{slope:+g}", count, last)}
        answer = mean(start, slope, (count - 1) * every, back, window)
        return RecordCase(name, given, every, last * every, {own: answer})

    quarter = 15 * _M
    return [
        case("more than a week ago", 100, 1, 8 * _D, 7 * _D, quarter),
        case("less than yesterday or a week ago", 9000, -1, 8 * _D, _D, quarter),
        case("no week has been seen", 100, 1, 2 * _D, _D, quarter),
        case("no day has been seen", 100, 1, 3 * _H, 10 * _M, _H),
    ]


def _spent(slo: str, budget: float) -> list[RecordCase]:
    """Return budgets after half a month, after more than one, without traffic, and after a gap."""
    own, every = f'{{slo="{slo}"}}', _H // 2
    budget, last = float(number(budget)), 35 * _D // every - 1

    def case(name: str, days: int, bad: str, total: str, answer: float | None) -> RecordCase:
        count = days * _D // every
        given = {BAD + own: _late(bad, count, last), TOTAL + own: _late(total, count, last)}
        return RecordCase(name, given, every, last * every, {f"{SPENT}{own}": answer})

    rising = fmean(range(last - 30 * _D // every + 1, last + 1))
    half = fmean(range(15 * _D // every))
    return [
        case("of half a month what was measured counts", 15, "0+1", "9000+0", half / 9000 / budget),
        case("the last thirty days count", 35, "0+1", "9000+0", rising / 9000 / budget),
        case("hardly any traffic", 35, "0.0001+0", "0.0002+0", 0.5 / budget),
        case("no traffic", 35, "0+0", "0+0", None),
    ]


def _watched(slo: str) -> list[RecordCase]:
    """Return half a month, more than one, one with a gap, and a clock that is not quite regular."""
    own, every = f'{TOTAL}{{slo="{slo}"}}', _H // 2
    last, days = 35 * _D // every - 1, _D // every

    def case(name: str, values: str, answer: float) -> RecordCase:
        series = {f'{WATCHED}{{slo="{slo}"}}': answer}
        return RecordCase(name, {own: values}, every, last * every, series)

    # Ten days, a gap of ten, and fifteen: of the last thirty, twenty were watched.
    gap = f"10x{10 * days - 1} _x{10 * days} 10x{15 * days - 1}"
    # No hour that is looked at is as full as those in between.
    odd = " ".join(["10 10 10 _"] * (35 * days // 4))

    def once(hour: int) -> str:
        """Return an hour of two samples among those of one."""
        here = 2 * hour - 1
        return " ".join("10" if at % 2 == 0 or at == here else "_" for at in range(last + 1))

    return [
        case("half a month is watched", _late("10+0", 15 * days, last), 0.5),
        case("more than thirty days", _late("10+0", 35 * days, last), 1),
        case("never more than all", odd, 1),
        case("a gap of thirty hours is no more", f"10x{last - 61} _x60 10", 1380 / 1440),
        case("one full hour almost thirty days ago", once(130), 721 / 1440),
        case("one full hour more than thirty days ago", once(110), 1),
        case("a gap in the last hour is a gap of an hour", f"10x{last - 2} _ 10", 1439 / 1440),
        case("half of fifteen hours is missing", f"10x{last - 30}{' _ 10' * 15}", 1425 / 1440),
        case("the first hour is watched", _late("10+0", 2, last), 1 / 720),
        case("what was watched before the thirty days", gap, 2 / 3),
        case("no traffic is watched, too", _late("0+0", 15 * days, last), 0.5),
    ]


def _late(values: str, count: int, last: int) -> str:
    """Return the last `count` of the samples 0 to `last`, those before being missing."""
    before = f"_x{last + 1 - count} " if count <= last else ""
    return f"{before}{values}x{count - 1}"


def _rates(series: str, objective: Objective | None, trouble: Trouble | None) -> list[RecordCase]:
    """Return counters that grow faster from minute to minute: the slope tells the window."""
    if objective is not None and trouble is Trouble.ACCURACY:
        return _accuracy(series, objective.name)
    if series.startswith("tier:"):
        metric = "cache_hits" if "hits" in series else "cache_misses"
        raw = f'{metric}{{{API},tier="far"}}'
        # Ten samples, 60 s apart, reach ten minutes: from sample 21 to sample 30.
        slope = (_square(30) - _square(21)) / 9 / _M
        return [RecordCase("ten minutes", {raw: _squares(40)}, _M, 30 * _M,
                           {f'{series}{{tier="far"}}': slope})]  # fmt: skip
    if objective is not None and trouble is Trouble.LATENCY:
        return _durations(series, objective)
    return _requests(series, objective)


def _square(minute: int) -> int:
    return minute * minute


def _squares(count: int, factor: int = 1) -> str:
    return " ".join(str(factor * _square(minute)) for minute in range(count))


_STEP: Final = (_square(30) - _square(29)) / _M
"""Events per second of `_squares` between its last two samples at minute 30: what 2 m see."""


def _requests(series: str, objective: Objective | None) -> list[RecordCase]:
    slo = objective.name if objective else ""
    labels = {"slo": slo}
    given = {
        f'requests{{{_HTTP},route="/list",status="200"}}': _squares(40, 3),
        f'requests{{{_HTTP},route="/list",status="503"}}': _squares(40),
        f'requests{{{_HTTP},route="/metrics",status="500"}}': _squares(40, 7),
    }
    if series in {ROUTE_TOTAL, ROUTE_BAD}:
        labels["route"] = "/list"
    elif objective is not None and objective.split_by is not None:
        made = ROUTE_BAD if series == BAD else ROUTE_TOTAL
        given = {f'{made}{{slo="{slo}",route="/{name}"}}': f"{value}x40"
                 for name, value in (("a", 2), ("b", 3))}  # fmt: skip
        return [RecordCase("all routes", given, _M, 30 * _M, {_named(series, labels): 5.0})]
    factor = 1 if "bad" in series else 4
    return [RecordCase("two minutes", given, _M, 30 * _M, {_named(series, labels): factor * _STEP})]


def _durations(series: str, objective: Objective | None) -> list[RecordCase]:
    slo = objective.name if objective else ""
    given = {
        f'latency_bucket{{{_HTTP},route="{route}",le="{edge}"}}':
            _squares(40, factor)
        for route, more in (("/list", 1), ("/metrics", 9))
        for edge, factor in (("1.0", more), ("2.0", 3 * more), ("+Inf", 6 * more))
    }  # fmt: skip
    if series == EARLY:
        given[f'{TOTAL}{{stream="latency"}}'] = f"{6 * _STEP:.10g}x40"
        return [RecordCase("over a second", given, _M, 30 * _M, {EARLY: 5 * _STEP})]
    if series in {TOTAL, BAD}:
        made = ROUTE_BAD if series == BAD else ROUTE_TOTAL
        parts = {f'{made}{{slo="{slo}",route="/{name}"}}': f"{value}x40"
                 for name, value in (("a", 2), ("b", 3))}  # fmt: skip
        answers = {_named(series, {"slo": slo}): 5.0}
        return [RecordCase("all routes", parts, _M, 30 * _M, answers)]
    factor = 3 if "bad" in series else 6
    labels = {"slo": slo, "route": "/list"}
    answer = {_named(series, labels): factor * _STEP}
    return [RecordCase("two minutes", given, _M, 30 * _M, answer)]


def _accuracy(series: str, slo: str) -> list[RecordCase]:
    own, last = _named(series, {"slo": slo}), 30
    if series == TOTAL:
        bad = _named(BAD, {"slo": slo})
        return [RecordCase("each weighs the same", {bad: "0.3+0.01x40"}, _M, last * _M, {own: 1.0})]
    whole, part = WHOLE, _PART
    rising = "0.50+0.01x40"
    wrong = 0.5 - 0.01 * (last - 0.5)

    def case(name: str, given: Mapping[str, str], value: float | None) -> RecordCase:
        return RecordCase(name, given, _M, last * _M, {own: value})

    # The last sample is two and a half minutes old, or one and a half.
    gone, just = "0.9x28", "0.9x29"
    return [
        case("of all sentences", {whole: rising, part: "0.2x40"}, wrong),
        case("of the slices there are", {part: rising}, wrong),
        case("of all sentences, a while ago", {whole: just, part: "0.2x40"}, 0.1),
        case("of the slices, a while ago", {part: just}, 0.1),
        case("of the slices, as the whole is too old", {whole: gone, part: "0.2x40"}, 0.8),
        case("of the slices, too long ago", {part: gone}, None),
        case("never measured", {"up": "1x40"}, None),
    ]


def _named(series: str, labels: Mapping[str, str]) -> str:
    inner = ",".join(f'{key}="{value}"' for key, value in labels.items())
    return f"{series}{{{inner}}}"
