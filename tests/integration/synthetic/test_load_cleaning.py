"""What a run leaves behind, and what it says when it could not clean up."""

import threading

from kit.edge.target import Access
from synthetic.edge.load.cleaning import Cleaned, remove_tagged
from tests.support.calendar_mix import SHARED
from tests.support.small_calendar import SmallCalendar

TAG = "[load-1234]"


def fill(calendar: SmallCalendar) -> None:
    for number in range(5):
        title = f"{TAG} lunch" if number else "somebody's own"
        calendar.events[f"e{number}"] = {"id": f"e{number}", "title": title}


def test_only_what_carries_the_tag_is_removed(calendar: SmallCalendar) -> None:
    fill(calendar)
    assert remove_tagged(calendar.url, TAG, SHARED.sweep, access=Access()) == Cleaned(4)
    assert list(calendar.events) == ["e0"]


def test_a_service_that_comes_back_is_cleaned(calendar: SmallCalendar) -> None:
    fill(calendar)
    calendar.status = 503
    threading.Timer(0.5, lambda: setattr(calendar, "status", 0)).start()
    assert remove_tagged(calendar.url, TAG, SHARED.sweep, access=Access()) == Cleaned(4)


def test_what_may_be_left_is_told_with_its_tag(calendar: SmallCalendar) -> None:
    fill(calendar)
    calendar.status = 503
    found = remove_tagged(calendar.url, TAG, SHARED.sweep, access=Access(), patience_s=0.1)
    assert found.problem == f"things tagged {TAG} may be left: GET /events answers 503"
    calendar.status = 403  # asking again would not help
    assert "403" in str(remove_tagged(calendar.url, TAG, SHARED.sweep, access=Access()).problem)
    gone = remove_tagged("http://127.0.0.1:9", TAG, SHARED.sweep, access=Access(), patience_s=0.1)
    assert gone.removed == 0
    assert gone.problem is not None
