"""What a file asks for is bounded, ends with its request, and leaves others their turn."""

import asyncio
import threading
import time
from collections.abc import Callable

import pytest

from service.compute_pool import ComputePool
from service.errors import ProblemError
from service.importing import Imported
from service.interchange.entries import entries_of
from service.interchange.export import icalendar_of
from service.observe.current import CURRENT, Trace
from service.planning.work import MOST_STEPS, Steps, Work
from tests.properties.service.test_interchange import CASES
from tests.properties.service.test_zonenames import file_of
from tests.support.effort import calls_of
from tests.support.waiting import HANGS_S

OBSERVANCE = """BEGIN:STANDARD
DTSTART:{at}
TZOFFSETFROM:+0113
TZOFFSETTO:+0113
{rule}END:STANDARD
"""


def zone(*observances: str) -> str:
    return f"BEGIN:VTIMEZONE\nTZID:Odd\n{''.join(observances)}END:VTIMEZONE\n"


def events(number: int, tzid: str = "Odd") -> str:
    return "".join(
        f"BEGIN:VEVENT\nUID:{n}\nDTSTART;TZID={tzid}:20260701T100000\nEND:VEVENT\n"
        for n in range(number)
    )


LIKE_NONE = zone(OBSERVANCE.format(at="19700101T000000", rule=""))
MANY_TIMES = zone(OBSERVANCE.format(at="19700101T000000", rule="RRULE:FREQ=DAILY;COUNT=9000\n"))


@pytest.mark.parametrize("own", [LIKE_NONE, MANY_TIMES])
def test_a_zone_that_is_like_none_is_looked_for_once_for_all_events_of_a_file(own: str) -> None:
    entries_of(file_of(events(1), own))  # what is read once in a process
    one = calls_of(lambda: entries_of(file_of(events(1), own)))
    plain = calls_of(lambda: entries_of(file_of(events(30, "Europe/Berlin"))))
    assert calls_of(lambda: entries_of(file_of(events(30), own))) < one + 2 * plain
    problems = {entry.problem for entry in entries_of(file_of(events(30), own))}
    assert all("'Odd'" in problem and "VTIMEZONE" in problem for problem in problems)


def test_many_observances_cost_no_more_than_in_proportion() -> None:
    def of(number: int) -> int:
        parts = (
            OBSERVANCE.format(
                at=f"2026{1 + n % 12:02}{1 + n // 12 % 28:02}T{n // 336:02}0000", rule=""
            )
            for n in range(number)
        )
        text = file_of(events(1), zone(*parts))
        return calls_of(lambda: entries_of(text))

    of(2)
    few, many = of(200), of(800)
    assert many < 6 * few


def test_a_zone_is_compared_with_all_others_in_few_years_of_a_file_only() -> None:
    def of(years: range) -> int:
        own = zone(OBSERVANCE.format(at="19700101T000000", rule=""))
        text = "".join(
            f"BEGIN:VEVENT\nUID:{y}\nDTSTART;TZID=Odd:{y}0701T100000\nEND:VEVENT\n" for y in years
        )
        return calls_of(lambda: entries_of(file_of(text, own)))

    of(range(2000, 2001))
    assert of(range(1975, 2095)) < 3 * of(range(2000, 2010))


def test_the_reading_of_a_file_is_counted_entry_by_entry() -> None:
    for number in (10, 100):
        count = Steps(10**9, AssertionError)
        entries_of(file_of(events(number, "Europe/Berlin")), count)
        assert 10**9 - count.left > 100 * number


LONG = {
    "one line": "DESCRIPTION:" + "x" * 4_000_000,
    "many folds": "DESCRIPTION:" + "\n ".join(["x"] * 100_000),
    "a line without a value": "X;A=" + "a" * 4_000_000,
    "many parameters": "X" + ';A="b"' * 600_000 + ":v",
    "no UTF-8": "DESCRIPTION:" + "\xff" * 4_000_000,
    "many lines": "\n".join(["x"] * 100_000),
    "many times": "EXDATE:" + ",".join(["20260305T090000Z"] * 240_000),
    "many escapes": "SUMMARY:" + "\\n" * 2_000_000,
}


@pytest.mark.parametrize("line", LONG.values(), ids=LONG)
def test_whatever_is_long_in_a_file_is_read_in_steps_between_which_others_go_on(line: str) -> None:
    """A step that holds the interpreter would keep the event loop, and so everybody, waiting."""
    head = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:a\nDTSTART:20260302T090000Z\n"
    text = f"{head}{line}\nEND:VEVENT\nEND:VCALENDAR\n".replace("\n", "\r\n").encode("latin-1")
    began = time.process_time()
    sum(range(2_000_000))
    some = time.process_time() - began
    assert asyncio.run(longest_wait(lambda work: entries_of(text, work))) < 2 * some


async def longest_wait(compute: Callable[[Work], object]) -> float:
    """Return the most CPU that is used up between two turns of the loop beside a calculation."""
    compute_pool = ComputePool(longest_s=HANGS_S)
    calculation = asyncio.create_task(compute_pool.run_unhurried(compute))
    longest, last = 0.0, time.process_time()
    while not calculation.done():
        await asyncio.sleep(0.0005)
        now = time.process_time()
        longest, last = max(longest, now - last), now
    calculation.result()
    compute_pool.close()
    return longest


def run_in(compute_pool: ComputePool, compute: object, deadline_s: float) -> None:
    async def request() -> None:
        CURRENT.set(Trace.of("id", "", ends_at=time.monotonic() + deadline_s))
        await compute_pool.run_in_thread(compute)  # type: ignore[arg-type]

    asyncio.run(request())


def test_what_is_done_elsewhere_holds_the_deadline_of_its_request() -> None:
    def endless(work: Work) -> None:
        while True:
            work(1)

    compute_pool = ComputePool(longest_s=HANGS_S)
    with pytest.raises(ProblemError) as caught:
        run_in(compute_pool, endless, 0.05)
    assert caught.value.code == "deadline_exceeded"
    compute_pool.close()


def test_what_is_done_elsewhere_may_be_more_than_a_window_is_worth() -> None:
    compute_pool = ComputePool(longest_s=HANGS_S)
    run_in(compute_pool, lambda work: work(MOST_STEPS + 1), HANGS_S)
    compute_pool.close()


def test_closing_ends_what_is_being_done() -> None:
    begun, ended = threading.Event(), threading.Event()

    def endless(work: Work) -> None:
        begun.set()
        try:
            while True:
                work(1)
        finally:
            ended.set()

    async def main() -> None:
        compute_pool = ComputePool(longest_s=10 * HANGS_S)
        task = asyncio.create_task(compute_pool.run_in_thread(endless))
        await asyncio.to_thread(begun.wait, HANGS_S)
        compute_pool.close()
        with pytest.raises(ProblemError):
            await task

    asyncio.run(main())
    assert ended.wait(HANGS_S)


def test_an_export_is_counted_event_by_event() -> None:
    count = Steps(10**9, AssertionError)
    text = icalendar_of(CASES, count)
    assert 10**9 - count.left > 100 * len(CASES)
    assert text.startswith(b"BEGIN:VCALENDAR\r\n")
    assert text.endswith(b"END:VEVENT\r\nEND:VCALENDAR\r\n")


def test_of_very_many_notes_the_first_are_told_and_how_many_more_there_are() -> None:
    notes = [{"uid": str(n), "property": "X", "reason": "r"} for n in range(100_000)]
    told = Imported(warnings=notes).limited()
    assert (told["warnings"], told["more"]) == (notes[:2000], 98_000)
    told = Imported(warnings=notes[:9]).limited()
    assert (told["warnings"], told["more"]) == (notes[:9], 0)
