"""Which requests are kept: the slowest 1 %, all that failed up to the cap, and little else."""

import asyncio
import gc
import itertools
import random
import tracemalloc
from pathlib import Path

import pytest

from service.observe.conventions import Ended, spans_of
from service.observe.current import CURRENT, MOST_PARTS
from service.observe.outbox import Outbox
from service.observe.parts import Part
from service.observe.tail import Allowance, Pace, Rules, Tail
from service.observe.traces_log import TracesLog
from tests.support.observed_app import Observed
from traces.otlp import spans_in

NO_SAMPLE = Rules(sample=0.0, per_second=100_000.0)


def still() -> float:
    return 0.0


@pytest.mark.parametrize("seed", [1, 7, 19])
@pytest.mark.parametrize("spread", [0.2, 0.6, 1.4])
def test_the_slowest_hundredth_of_a_seeded_run_is_kept(seed: int, spread: float) -> None:
    rng, pace, seen = random.Random(seed), Pace(60.0), []
    for _ in range(10_000):
        seconds = rng.lognormvariate(-4.5, spread)
        seen.append((seconds, seconds > pace.keep_above))
        pace.saw(seconds)
    slowest = sorted(seen, reverse=True)[: len(seen) // 100]
    assert [kept for _, kept in slowest].count(False) == 0
    assert sum(kept for _, kept in seen) < 0.03 * len(seen)


def test_the_limit_of_a_route_follows_it_down_and_up() -> None:
    rng, pace = random.Random(3), Pace(60.0)
    limits = []
    for middle in (0.010, 0.100, 0.010):
        for _ in range(60_000):
            pace.saw(rng.uniform(0.5, 1.5) * middle)
        limits.append(pace.keep_above)
    assert limits == [pytest.approx(0.0148, rel=0.06), pytest.approx(0.148, rel=0.06),
                      pytest.approx(0.0148, rel=0.06)]  # fmt: skip


def test_what_is_slower_than_the_objective_is_kept_however_slow_the_route_is() -> None:
    pace = Pace(2.0)
    for _ in range(5000):
        pace.saw(30.0)
    assert pace.keep_above == 2.0


def test_every_failed_request_is_kept_and_leaves_an_example(tmp_path: Path) -> None:
    app = Observed(tmp_path, NO_SAMPLE, still)

    async def fails() -> int:
        raise ValueError("with words that nobody may read")

    app.ask_many(600)
    before = len(app.kept.ended)
    app.handler = fails
    app.ask_many(300)
    failed = [ended for ended in app.kept.ended[before:] if ended.why == "failed"]
    assert len(failed) == 300
    counter = ("http_requests_total", "GET", "/events/{id}", "500")
    assert app.telemetry.exemplars.latest()[counter].span_id == failed[-1].trace.span_id


def test_above_the_cap_what_failed_goes_before_what_is_slow_and_the_rest_is_counted(
    tmp_path: Path,
) -> None:
    app = Observed(tmp_path, Rules(sample=1.0, per_second=10.0), still)
    app.ask_many(50)  # all are sampled, and may use half of the places
    assert len(app.kept.ended) == 5

    async def fails() -> int:
        return 503

    app.handler = fails
    app.ask_many(50)
    assert [ended.why for ended in app.kept.ended[5:]] == ["failed"] * 5
    assert app.telemetry.total("traces_dropped_total", "rate") == 90
    assert app.telemetry.total("traces_kept_total", "failed") == 5


def test_a_seeded_run_keeps_what_failed_and_the_slowest_hundredth_and_nothing_of_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng, now, took = random.Random(24), [100.0], []
    monkeypatch.setattr("service.observe.middleware.monotonic", lambda: now[0])
    app = Observed(tmp_path, NO_SAMPLE, still)

    async def works() -> int:
        trace, seconds = CURRENT.get(), rng.lognormvariate(-4.5, 0.6)
        assert trace is not None
        status = 503 if rng.random() < 0.02 else 200
        now[0] += seconds
        took.append((seconds, status, trace.trace_id))
        return status

    app.handler = works
    app.ask_many(10_000)
    kept = {ended.trace.trace_id for ended in app.kept.ended}
    failed = {trace_id for _, status, trace_id in took if status == 503}
    slowest = {trace_id for *_, trace_id in sorted(took, reverse=True)[:100]}
    assert len(failed) > 150
    assert failed | slowest <= kept
    assert len(kept) < len(failed) + 300
    box = Outbox({}, collector=None, file=TracesLog(tmp_path / "out"), on_drop=lambda *_: None)
    assert box.deliver(app.kept.ended) == []
    lines = (tmp_path / "out" / "traces.log").read_bytes().splitlines()
    assert {span.trace_id for line in lines for span in spans_in(line)} == kept
    assert {one.trace_id for one in app.telemetry.exemplars.latest().values()} <= kept


@pytest.mark.thorough
def test_memory_is_flat_however_long_requests_go_on(tmp_path: Path) -> None:
    """Some are kept, some fail, and nobody takes any from where they wait."""
    app = Observed(tmp_path, Rules(sample=0.05, per_second=100_000.0), still)
    box = Outbox({}, collector=None, file=TracesLog(tmp_path / "out"), on_drop=lambda *_: None,
                 most_spans=200)  # fmt: skip
    app.kept.put = box.put  # type: ignore[method-assign]
    numbers = itertools.count()

    async def works() -> int:
        with Part("cache", "cache memory", "hit"):
            return 503 if next(numbers) % 50 == 0 else 200

    app.handler = works

    def after(number: int) -> int:
        app.ask_many(number)
        app.journal._write(*app.journal._take())
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    after(5000)  # what waits is as much as may wait, and a look at the pace comes every 512
    tracemalloc.start()
    try:
        sizes = [after(1024) for _ in range(5)]
    finally:
        tracemalloc.stop()
    assert app.telemetry.total("traces_kept_total", "failed") > 0
    assert box._spans > 190
    assert max(sizes[1:]) - sizes[0] < 30_000, sizes


def test_a_request_that_is_not_kept_leaves_no_trace(tmp_path: Path) -> None:
    app = Observed(tmp_path, NO_SAMPLE, still)
    app.ask_many(1000)
    kept = {ended.trace.request_id for ended in app.kept.ended}
    assert len(kept) < 100
    examples = {one.span_id for one in app.telemetry.exemplars.latest().values()}
    assert examples <= {ended.trace.span_id for ended in app.kept.ended}
    assert app.telemetry.total("traces_dropped_total", "rate") == 0


@pytest.mark.parametrize(("may_ask", "kept"), [(True, 5), (False, 0)])
def test_a_callers_flag_counts_with_the_right_and_within_its_rate(
    tmp_path: Path, may_ask: bool, kept: int  # noqa: FBT001
) -> None:  # fmt: skip
    rules = Rules(sample=0.0, per_second=1000.0, asked_per_second=5.0)
    app = Observed(tmp_path, rules, still)

    async def admitted() -> int:
        trace = CURRENT.get()
        assert trace is not None
        trace.may_ask = may_ask
        return 200

    async def work() -> None:
        for number in range(2100):  # the last hundred ask; those before them say what is slow here
            wanted = b"00-%032x-%016x-%02x" % (number + 1, number + 1, number >= 2000)
            await app.ask((b"traceparent", wanted))

    app.handler = admitted
    asyncio.run(work())
    asked = [ended for ended in app.kept.ended if ended.why == "asked"]
    assert len(asked) == kept


def test_the_steady_sample_is_a_share_that_no_caller_chooses(tmp_path: Path) -> None:
    app = Observed(tmp_path, Rules(sample=0.1, per_second=100_000.0), still)

    async def work() -> None:
        for _ in range(4000):
            await app.ask((b"traceparent", b"00-" + b"0" * 31 + b"1-00000000000000ab-00"))

    asyncio.run(work())
    sampled = [ended for ended in app.kept.ended if ended.why == "sampled"]
    assert 0.08 < len(sampled) / 4000 < 0.12


def test_a_request_that_does_ten_thousand_things_has_a_bounded_trace(tmp_path: Path) -> None:
    app = Observed(tmp_path, Rules(sample=1.0, per_second=1000.0), still)

    async def busy() -> int:
        with Part("dependency", "mongodb"):
            for _ in range(10_000):
                with Part("cache", "cache memory", "hit"):
                    pass
        return 200

    app.handler = busy
    app.ask_many(1)
    (ended,) = app.kept.ended
    root, *parts = spans_of(ended)
    assert len(parts) == MOST_PARTS
    assert root.attributes["sre.spans_dropped"] == 10_001 - MOST_PARTS
    outer = next(span for span in parts if span.name == "mongodb call")
    assert outer.parent_id == root.span_id
    assert {span.parent_id for span in parts if span is not outer} == {outer.span_id}


def test_a_clock_that_goes_back_neither_delays_nor_turns_a_trace_round(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = iter([2_000_000_000.0, 1_000_000_000.0, 1_000_000_000.5])
    monkeypatch.setattr("service.observe.keeper.time", lambda: next(moments))
    app = Observed(tmp_path, Rules(sample=1.0, per_second=1000.0), still)

    async def works() -> int:
        with Part("parse", "parse"):
            await asyncio.sleep(0)
        return 200

    app.handler = works
    app.ask_many(3)
    for ended in app.kept.ended:
        root, part = spans_of(ended)
        assert root.start_ns <= part.start_ns <= part.end_ns <= root.end_ns
        assert abs(root.end_ns - ended.ended_at * 1e9) < 1000


def test_an_allowance_gives_nothing_for_a_clock_that_goes_back() -> None:
    now = [100.0]
    allowance = Allowance(2.0, lambda: now[0])
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    now[0] = 50.0
    assert not allowance.take()
    now[0] = 51.0
    assert [allowance.take() for _ in range(3)] == [True, True, False]


def test_an_allowance_of_none_gives_none() -> None:
    tail = Tail(Rules(per_second=0.0), still)
    assert not tail.admits("failed")


def test_parts_that_run_side_by_side_each_have_their_own_parent(tmp_path: Path) -> None:
    app = Observed(tmp_path, Rules(sample=1.0, per_second=1000.0), still)

    async def one(name: str) -> None:
        with Part("dependency", name):
            await asyncio.sleep(0)
            with Part("parse", f"inside {name}"):
                await asyncio.sleep(0)

    async def both() -> int:
        await asyncio.gather(one("a"), one("b"))
        return 200

    app.handler = both
    app.ask_many(1)
    spans = {span.name: span for span in spans_of(app.kept.ended[0])}
    for name in ("a", "b"):
        assert spans[f"inside {name}"].parent_id == spans[f"{name} call"].span_id


def test_each_log_line_of_a_request_names_its_trace_and_span(tmp_path: Path) -> None:
    app = Observed(tmp_path, Rules(sample=1.0, per_second=1000.0), still)

    async def logs() -> int:
        app.journal.event("WARNING", "review_lost", decision_id="x")
        return 200

    app.handler = logs
    app.ask_many(1)
    app.journal._write(*app.journal._take())
    ended: Ended = app.kept.ended[0]
    ids = f'"trace_id":"{ended.trace.trace_id}","span_id":"{ended.trace.span_id}"'
    lines = (tmp_path / "logs" / "calendar-api.log").read_text().splitlines()
    assert len(lines) == 2
    assert all(ids in line for line in lines)
