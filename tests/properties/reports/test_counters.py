"""Counts are taken from the ends of steady stretches, and are what all samples give."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from kit.pure.query import Query
from reports.gathered.evaluate import answer
from reports.gathered.samples import NAME, Labels, Page, Samples, table_of
from reports.period.counters import Counters
from reports.period.counting import Ask, Counting
from reports.period.counts import Count, Grown, combined, parts
from reports.period.counts import counts as counts_in
from reports.period.derived import derived
from reports.period.questions import together
from reports.period.steady import Steady, steady, watching
from slo.project.project import Project
from tests.support.other_projects import CALENDAR

SCRAPE_S = 60
START_S = 1_771_200_000
HOURS = 12
END_S = START_S + HOURS * 3600
USERS = CALENDAR.users("route")
TIMED = f"http_request_duration_seconds_bucket{{{USERS}}}"
COUNTED = f"http_requests_total{{{USERS}}}"
FAILED = f'http_requests_total{{{USERS},status=~"5.."}}'
BY_BUCKET = f"sum by (route, le) (increase({TIMED}[1h]))"
TOGETHER = together(bad=f"sum(rate({FAILED}[1h]))", total=f"sum(rate({COUNTED}[1h]))")

Alive = Callable[[str, int], bool]
Born = Callable[[str, int], int]


def always(_instance: str, _minute: int) -> bool:
    return True


def never_again(_instance: str, _minute: int) -> int:
    return -500


def world(alive: Alive = always, born: Born = never_again, *, zero: Born | None = None) -> Samples:
    """Return what three instances exposed: alive or not, since when, counting since when."""

    def pages() -> Iterator[Page]:
        for minute in range(HOURS * 60 + 1):
            for instance in ("a", "b", "c"):
                own = {"job": "calendar-api", "instance": instance}
                is_up = alive(instance, minute)
                if alive is silent and not is_up:
                    continue
                samples: list[tuple[Labels, float]] = [({NAME: "up", **own}, float(is_up))]
                if is_up:
                    since = born(instance, minute)
                    begun = {NAME: "process_start_time_seconds", **own}
                    samples.append((begun, float(START_S + 60 * since)))
                    passed = minute - (zero or born)(instance, minute)
                    samples += [({**one, **own}, value) for one, value in counts(passed)]
                yield Page(float(START_S + 60 * minute), samples)

    return table_of(pages())


def counts(passed: int) -> Iterator[tuple[Labels, float]]:
    for route, each in (("/parse", 6), ("/events", 30)):
        for le, share in (("0.5", 0.5), ("2.0", 1.0), ("+Inf", 1.0)):
            name = "http_request_duration_seconds_bucket"
            yield {NAME: name, "route": route, "le": le}, each * share * passed
        name = "http_request_duration_seconds_count"
        yield {NAME: name, "route": route}, each * passed
        failed = float(max(passed - 100, 0))
        fine = each * passed - failed
        yield {NAME: "http_requests_total", "route": route, "status": "200"}, fine
        if failed:
            yield {NAME: "http_requests_total", "route": route, "status": "500"}, failed


def asking(
    samples: Samples, project: Project = CALENDAR, seen: list[Query] | None = None
) -> tuple[Ask, Ask]:
    """Return who asks for every sample, and who for the ends; what the latter asks is `seen`."""
    plain = partial(answer, samples)

    def noted(query: Query) -> Answer:
        if seen is not None:
            seen.append(query)
        return plain(query)

    found = known(samples) if project is CALENDAR else watched(samples, project)
    return plain, Counting(noted, Counters(project, found, SCRAPE_S)).learn if found else noted


def watched(samples: Samples, project: Project) -> Steady | None:
    asked = watching(START_S, END_S, project)
    return steady(asked, answer(samples, asked)) if asked else None


@cache
def known(samples: Samples) -> Steady | None:
    return watched(samples, CALENDAR)


def values(found: Answer) -> dict[tuple[str, ...], dict[float, float]]:
    assert found.problem is None
    return {
        tuple(sorted(map(str, one.labels.items()))): dict(
            zip(one.times.tolist(), one.values.tolist(), strict=True)
        )
        for one in found.series
    }


def hourly(expression: str) -> Query:
    return Query("q", expression, START_S + 3600, END_S, 3600)


def whole(expression: str) -> Query:
    return Query("q", expression, END_S, END_S)


def restarted(instance: str, minute: int) -> int:
    """One process starts anew after five hours and eleven minutes."""
    return 311 if instance == "b" and minute >= 311 else -500


def replaced(instance: str, minute: int) -> bool:
    """The process of c takes the place of that of b."""
    return {"a": True, "b": minute < 250, "c": minute >= 252}[instance]


def unseen(instance: str, minute: int) -> bool:
    """One instance is not scraped for forty minutes, and goes on counting."""
    return instance != "a" or not 400 <= minute < 440


def all_unseen(_instance: str, minute: int) -> bool:
    return not 400 <= minute < 440


def silent(_instance: str, minute: int) -> bool:
    """Prometheus itself is away, right after a step of the look for what is steady."""
    return not 401 <= minute < 440


WORLDS = {
    "steady": world(),
    "restarted": world(born=restarted),
    "replaced": world(alive=replaced, born=lambda name, _: 252 if name == "c" else -500),
    "one not seen": world(alive=unseen),
    "none seen": world(alive=all_unseen),
    "nobody looked": world(alive=silent),
}


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(
    "expression",
    [
        BY_BUCKET,
        f"sum(increase({COUNTED}[1h]))",
        TOGETHER,
    ],
)
def test_each_hour_counts_what_all_samples_say(name: str, expression: str) -> None:
    plain, ends = asking(WORLDS[name])
    every, few = (values(ask(hourly(expression))) for ask in (plain, ends))
    assert few.keys() == every.keys()
    for key, wanted in every.items():
        # What counts from the first sample on has its beginning in neither.
        assert few[key] == pytest.approx(wanted, rel=0.03, abs=3e-3)


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize(
    "expression",
    [f"sum(increase({COUNTED}[12h]))", f"sum by (route) (increase({COUNTED}[6h]))",
     f"(sum(rate({TIMED}[12h])) - sum(rate({COUNTED}[12h]))) > 0",
     f"sum(increase({FAILED}[12h])) or vector(0)"],
)  # fmt: skip
def test_a_whole_span_counts_what_all_samples_say(name: str, expression: str) -> None:
    plain, ends = asking(WORLDS[name])
    every, few = (values(ask(whole(expression))) for ask in (plain, ends))
    assert few.keys() == every.keys()
    for key, wanted in every.items():
        assert few[key] == pytest.approx(wanted, rel=0.006)


def test_a_steady_span_reads_two_samples_of_a_series() -> None:
    seen: list[Query] = []
    _, ends = asking(WORLDS["steady"], seen=seen)
    for query in (hourly(BY_BUCKET), whole(f"sum(increase({COUNTED}[12h]))")):
        ends(query)
    assert [one for one in seen if "[" in one.expression] == []
    assert len(seen) == 3  # of the first also which buckets are the same


def test_after_a_restart_only_its_hour_is_read_whole() -> None:
    seen: list[Query] = []
    _, ends = asking(WORLDS["restarted"], seen=seen)
    ends(hourly(BY_BUCKET))
    _, first, again = seen
    assert "increase" not in first.expression
    assert (again.start_s, again.end_s) == (START_S + 6 * 3600,) * 2


@pytest.mark.parametrize("begun", [300, 301, 311])
@pytest.mark.parametrize("late_s", [0, 7])
def test_a_span_in_which_a_process_began_anew_is_counted_to_the_request(
    begun: int, late_s: int
) -> None:
    """What is asked then is not what was before, and no minute of it is taken for another."""

    def since(instance: str, minute: int) -> int:
        return begun if instance == "b" and minute >= begun else -500

    def pages() -> Iterator[Page]:
        for minute in range(-1, HOURS * 60 + 1):
            samples: list[tuple[Labels, float]] = []
            for instance in ("a", "b"):
                own, begun_at = (
                    {"job": "calendar-api", "instance": instance},
                    since(instance, minute),
                )
                busy = 20 if begun_at == begun else 1
                started = {NAME: "process_start_time_seconds", **own}
                samples += [({NAME: "up", **own}, 1.0), (started, float(begun_at))]
                done = {NAME: "http_requests_total", "route": "/parse", "status": "200", **own}
                samples.append((done, busy * float(minute - begun_at)))
            yield Page(float(START_S + 60 * minute + late_s), samples)

    _, ends = asking(table_of(pages()))
    requests = "http_requests_total{" + USERS + "}"
    ((found,),) = (
        one.values() for one in values(ends(whole(f"sum(increase({requests}[12h]))"))).values()
    )
    first, last = (at - 1 if late_s else at for at in (0, HOURS * 60))
    assert found == pytest.approx(last - first + begun - 1 - first + 20 * (last - begun), rel=1e-6)


def test_a_counter_that_falls_in_a_process_that_goes_on_is_read_whole() -> None:
    fallen = world(zero=lambda name, minute: 311 if name == "b" and minute >= 311 else -500)
    plain, ends = asking(fallen)
    for query in (hourly(BY_BUCKET), whole(f"sum(increase({COUNTED}[12h]))")):
        every, few = (values(ask(query)) for ask in (plain, ends))
        for key, wanted in every.items():
            assert few[key] == pytest.approx(wanted, rel=0.01)


def test_what_appears_later_began_at_nothing() -> None:
    """No sample says so, but a client counts from 0: the first failure is a failure."""
    _, ends = asking(world(born=lambda *_: 0))
    failed = values(ends(hourly(f"sum(increase({FAILED}[1h]))")))
    ((_, found),) = failed.items()
    assert sum(found.values()) == 3 * 2 * (HOURS * 60 - 100)


@pytest.mark.parametrize(
    "expression",
    [
        "sum(increase(of_another_job_total[1h]))",
        'sum(increase(http_requests_total{job="other"}[1h]))',
        f"sum(increase(http_requests_total{{exported_{CALENDAR.target}}}[1h]))",
        f"sum(increase({COUNTED}[2h]))",
        f"sum(rate({FAILED}[1h])) / sum(rate({COUNTED}[1h]))",
        f"sum(increase({COUNTED}[1h])) > 5",
        f"max(increase({COUNTED}[1h]))",
        f"max_over_time(sum(increase({COUNTED}[1h]))[6h:1h])",
    ],
)
def test_what_is_no_count_of_each_slot_is_asked_as_it_stands(expression: str) -> None:
    seen: list[Query] = []
    _, ends = asking(WORLDS["steady"], seen=seen)
    ends(hourly(expression))
    assert [one.expression for one in seen] == [expression]


@pytest.mark.parametrize("missing_until", [END_S, START_S + 3 * 3600])
def test_requests_that_nobody_timed_are_counted_all_the_same(missing_until: int) -> None:
    """Timed requests stand for all, being fewer series, but not before they were timed."""
    every = WORLDS["steady"]
    values_ = every.values.copy()
    for row, labels in enumerate(every.labels):
        if "duration" in labels[NAME]:
            values_[row, every.times <= missing_until] = np.nan
    plain, ends = asking(Samples(every.times, every.labels, values_))
    query = hourly(f"sum(increase({COUNTED}[1h]))")
    ((wanted,), (found,)) = (values(ask(query)).values() for ask in (plain, ends))
    assert found == pytest.approx(wanted, rel=0.02)


def test_a_bucket_that_counts_no_more_than_the_one_below_is_not_read() -> None:
    """All requests are done before two seconds, so that two of three buckets say the same."""
    seen: list[Query] = []
    plain, ends = asking(WORLDS["restarted"], seen=seen)
    found = values(ends(hourly(BY_BUCKET)))
    wanted = values(plain(hourly(BY_BUCKET)))
    assert found.keys() == wanted.keys()
    for key, every in wanted.items():
        assert found[key] == pytest.approx(every, rel=0.03)
    assert all('le!~"\\\\+Inf"' in one.expression for one in seen[1:])


def test_what_an_earlier_answer_holds_is_not_asked_again() -> None:
    seen: list[Query] = []
    plain, ends = asking(WORLDS["restarted"], seen=seen)
    ends(hourly(BY_BUCKET))
    by_status = f"sum by (route, status) (rate({FAILED}[1h]))"
    ends(hourly(by_status))
    seen.clear()
    fast = TIMED.replace("}", ',le=~"2(\\\\.0)?"}')
    every = TIMED.replace("}", ',le="+Inf"}')
    timed = TIMED.replace("_bucket", "_count")
    for expression in (
        together(
            good=f"sum by (route) (rate({fast}[1h]))", total=f"sum by (route) (rate({every}[1h]))"
        ),
        f"sum(rate({every}[1h])) - sum(rate({fast}[1h]))",
        together(
            all=f"sum by (route) (increase({timed}[1h]))", failed=f"sum(increase({FAILED}[1h]))"
        ),
    ):
        found, wanted = (values(ask(hourly(expression))) for ask in (ends, plain))
        assert found.keys() == wanted.keys()
        for key, each in wanted.items():
            assert found[key] == pytest.approx(each, rel=0.03, abs=3e-3)
    assert seen == []
    later = replace(hourly(f"sum(increase({FAILED}[1h]))"), start_s=START_S)
    ends(later)
    assert seen


@pytest.mark.parametrize("expression", [BY_BUCKET, f"sum(increase({FAILED}[1h]))"])
def test_each_slot_is_there_once(expression: str) -> None:
    """Stretches that are asked by themselves are of one length, and may overlap."""

    def born(instance: str, minute: int) -> int:
        later = [one for one in (90, 210, 270, 330) if one <= minute and instance == "b"]
        return later[-1] if later else -500

    _, ends = asking(world(born=born))
    for one in ends(hourly(expression)).series:
        assert (np.diff(one.times) > 0).all()


@pytest.mark.parametrize("ask", [hourly, whole])
def test_a_series_that_ended_is_not_counted_where_nothing_marks_its_end(
    ask: Callable[[str], Query],
) -> None:
    """A federation marks no end: the failures of the process before are still there for minutes."""
    length = "1h" if ask is hourly else "12h"
    query = ask(f"sum(increase({FAILED}[{length}]))")
    for begun in (300, 301, 304):

        def born(instance: str, minute: int, since: int = begun) -> int:
            return since if instance == "b" and minute >= since else -500

        plain, ends = asking(world(born=born))
        ((wanted,), (found,)) = (values(each(query)).values() for each in (plain, ends))
        assert found == pytest.approx(wanted, rel=0.01)


BUCKETS = "sum by (route, le) (increase(some_bucket[1h]))"
GOOD = 'sum by (route) (increase(some_bucket{le="1"}[1h]))'
EVERY = 'sum by (route) (increase(some_bucket{le="+Inf"}[1h]))'


def held(expression: str, *, start_s: int = 3600) -> Answer | None:
    """Return what is derived from five requests an hour, three of them good, but on one route."""

    def one(route: str, le: str, value: float) -> Series:
        return Series({"route": route, "le": le}, np.array([3600.0, 7200.0]), np.full(2, value))

    rows = one("/a", "1", 3), one("/a", "+Inf", 5), one("/none good", "+Inf", 5)
    base = Query("base", BUCKETS, 3600, 7200, 3600)
    return derived(Query("q", expression, start_s, 7200, 3600), [(base, Answer(rows))])


def test_what_is_derived_is_what_prometheus_would_answer() -> None:
    less = held(f"{EVERY} - {GOOD}")
    assert less is not None
    assert values(less) == {("('route', '/a')",): {3600.0: 2.0, 7200.0: 2.0}}


def test_a_difference_is_divided_as_a_whole() -> None:
    for text in (f"({EVERY} - {GOOD}) / 2", f"(({EVERY} - {GOOD})) / 2"):
        found = held(text)
        assert found is not None
        assert set(found.series[0].values) == {1.0}
    part = held(f"({EVERY}) / 5 - ({GOOD}) / 3")
    assert part is not None
    assert part.series[0].values == pytest.approx(0)


def test_other_moments_than_an_answer_has_are_asked() -> None:
    assert held(EVERY) is not None
    assert held(EVERY, start_s=5400) is None


def test_a_subquery_is_asked_as_it_stands() -> None:
    seen: list[Query] = []
    _, ends = asking(WORLDS["steady"], seen=seen)
    asked = whole(f"max_over_time(sum(increase({COUNTED}[1h]))[6h:1h])")
    ends(asked)
    assert seen == [asked]


def test_without_a_metric_of_starts_everything_is_read() -> None:
    project = replace(CALENDAR, roles=replace(CALENDAR.roles, started=None))
    seen: list[Query] = []
    _, ends = asking(WORLDS["restarted"], project, seen)
    ends(hourly(BY_BUCKET))
    assert [one.expression for one in seen] == [BY_BUCKET]


def test_where_processes_come_and_go_all_the_time_everything_is_read() -> None:
    restless = world(born=lambda _, minute: minute // 20 * 20)
    seen: list[Query] = []
    plain, ends = asking(restless, seen=seen)
    query = whole(f"sum(increase({COUNTED}[12h]))")
    assert values(ends(query)) == values(plain(query))
    assert seen[-1] == query


def test_a_refusal_stays_a_problem() -> None:
    def refuses(_query: Query) -> Answer:
        return Answer(problem="too much")

    asked = watching(START_S, END_S, CALENDAR)
    assert asked is not None
    assert steady(asked, refuses(asked)) is None
    found = known(WORLDS["steady"])
    assert found is not None
    ask = Counting(refuses, Counters(CALENDAR, found, SCRAPE_S)).answer
    assert ask(hourly(BY_BUCKET)).problem == "too much"
    assert ask(whole(f"sum(increase({COUNTED}[12h]))")).problem == "too much"


def test_times_are_the_ends_of_slots() -> None:
    _, ends = asking(WORLDS["none seen"])
    times: Sequence[float] = ends(hourly(BY_BUCKET)).series[0].times.tolist()
    assert times == np.arange(START_S + 3600, END_S + 1, 3600).tolist()


def fleet(size: int, pages: Callable[[int, int], Iterator[tuple[Labels, float]]]) -> Samples:
    """Return what some instances exposed, each minute what `pages` has of it; else no scrape."""

    def every() -> Iterator[Page]:
        for minute in range(HOURS * 60 + 1):
            samples: list[tuple[Labels, float]] = []
            for number in range(size):
                own = {"job": "calendar-api", "instance": str(number)}
                found = [({**one, **own}, value) for one, value in pages(number, minute)]
                samples += [({NAME: "up", **own}, float(bool(found))), *found]
            yield Page(float(START_S + 60 * minute), samples)

    return table_of(every())


def test_buckets_that_only_some_processes_have_are_read() -> None:
    """Since five hours the release has other buckets: one above another counts less than it."""

    def exposed(_number: int, minute: int) -> Iterator[tuple[Labels, float]]:
        begun = 300 if minute >= 300 else -500
        yield {NAME: "process_start_time_seconds"}, float(begun)
        for le, share in (("0.5", 5), ("1.0" if begun > 0 else "2.0", 9), ("+Inf", 10)):
            name = "http_request_duration_seconds_bucket"
            yield {NAME: name, "route": "/parse", "le": le}, float(share * (minute - begun))

    plain, ends = asking(fleet(1, exposed))
    found, wanted = (values(ask(hourly(BY_BUCKET))) for ask in (ends, plain))
    assert found.keys() == wanted.keys()
    for key, every in wanted.items():
        assert found[key] == pytest.approx(every, rel=0.03)


def test_slots_that_end_where_nobody_looked_who_was_seen_are_asked_as_they_stand() -> None:
    """One of twenty was not scraped at the end of five minutes, between two looks of half an hour.

    It had counted for so short a time that no sum falls without it.
    """

    def exposed(number: int, minute: int) -> Iterator[tuple[Labels, float]]:
        if (number, minute) == (0, 665):
            return
        begun = 600 + number if minute >= 600 + number else -500
        yield {NAME: "process_start_time_seconds"}, float(begun)
        done = {NAME: "http_requests_total", "route": "/parse", "status": "200"}
        yield done, 10.0 * (minute - begun)

    samples = fleet(20, exposed)
    looked = watching(START_S, END_S, CALENDAR)
    assert looked is not None
    coarse = replace(looked, expression=looked.expression.replace("5m", "30m"), step_s=1800)
    state = steady(coarse, answer(samples, coarse))
    assert state is not None
    by_status = f"sum by (status) (increase({COUNTED}[5m]))"
    query = Query("q", by_status, END_S - 3300, END_S, 300)
    found = Counting(partial(answer, samples), Counters(CALENDAR, state, SCRAPE_S)).learn(query)
    ((_, every),) = values(found).items()
    assert list(every.values()) == pytest.approx([1000.0] * 12)


def test_a_label_of_a_project_is_never_that_by_which_values_are_told_apart() -> None:
    """Prometheus refuses series that differ in nothing any more; behind a CDN some have `edge`."""
    seen: list[Query] = []
    _, ends = asking(WORLDS["steady"], seen=seen)
    ends(hourly(f"sum by (route, status) (increase({COUNTED}[1h]))"))
    ends(whole(f"sum(increase({COUNTED}[12h]))"))
    told = {name for one in seen for name in re.findall(r', "(\w+)", "\d+"', one.expression)}
    assert told == {"__edge__"}


def test_of_two_that_say_the_same_the_first_is_taken() -> None:
    """As `or` of PromQL has it: the second only where the first has nothing."""
    asked = "sum(increase(a[1h])) or sum(increase(b[1h]))"
    first, second = counts_in(asked)
    grown: dict[Count, Grown] = {
        first: {(): np.array([1.0, np.nan])},
        second: {(): np.array([7.0, 8.0])},
    }
    found = combined(parts(asked) or (), grown, np.array([3600.0, 7200.0]))
    assert values(found) == {(): {3600.0: 1.0, 7200.0: 8.0}}


def test_names_in_utf_8_stay_quoted() -> None:
    asked = 'sum by ("http.route") (increase({"http.requests","http.host"="x"}[1h]))'
    (count,) = counts_in(asked)
    later = 'sum by ("http.route") (increase({"http.requests","http.host"="x"}[3600s] offset 60s))'
    assert count.text(60) == later
    assert counts_in(count.text()) == (count,)
