import threading

from ops.checks.concurrently import run_concurrently
from ops.checks.evidence import Seen
from ops.checks.finding import State
from ops.checks.places import Places
from ops.checks.runs import bounded


def test_what_hangs_holds_nobody_up() -> None:
    never = threading.Event()
    ended = run_concurrently({"hangs": never.wait, "works": lambda: True}, within_s=0.3)
    assert not never.is_set()
    assert not ended["hangs"].in_time
    assert ended["works"].value is True
    never.set()


def test_all_begin_before_any_is_waited_for() -> None:
    meeting = threading.Barrier(4)
    ended = run_concurrently({str(n): lambda: meeting.wait(20) for n in range(4)}, within_s=30)
    assert all(one.error is None and one.in_time for one in ended.values())


def test_an_error_is_reported_beside_what_the_others_gave() -> None:
    def fail() -> int:
        raise LookupError("gone")

    ended = run_concurrently({"bad": fail, "good": lambda: 3}, within_s=20)
    assert isinstance(ended["bad"].error, LookupError)
    assert ended["good"].value == 3


def test_nothing_to_do_is_done() -> None:
    assert run_concurrently({}, within_s=1) == {}


def test_a_check_that_does_not_end_says_so() -> None:
    never = threading.Event()

    def find() -> Seen:
        never.wait(60)
        return Seen((), ())

    checked = bounded("slow", Places("http://h"), find, within_s=0.2)
    never.set()
    assert checked.state is State.FAIL
    assert checked.is_unreachable
    assert "not done within 0.2 s" in checked.findings[0].value
