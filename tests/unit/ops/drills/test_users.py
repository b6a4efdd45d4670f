"""When the users of a drill are content, and what counts as lost."""

import httpx2
import pytest

from ops.drills import users as drilled
from ops.drills.users import KINDS, Attempt, Users


def _users(*, late: str = "", early: str = "", each: int = 12) -> Users:
    users = Users("http://127.0.0.1:1", "key")
    users.attempts.append(Attempt(1.0, "write", early, 0.1))
    for number in range(each):
        users.attempts += [Attempt(10.0 + number, kind, "", 0.1) for kind in KINDS]
    users.attempts.append(Attempt(40.0, "read", late, 0.1))
    return users


@pytest.mark.parametrize(
    ("users", "since_s", "content"),
    [
        (_users(), 5.0, True),
        (_users(early="503"), 5.0, True),  # that was before
        (_users(late="503"), 5.0, False),
        (_users(each=9), 5.0, False),  # too few of each kind to say
        (_users(), 15.0, False),
    ],
)
def test_users_are_content_once_the_newest_requests_of_each_kind_went_well(
    users: Users,
    since_s: float,
    content: bool,  # noqa: FBT001
) -> None:
    assert users.content(since_s) is content


def _asked(*statuses: int) -> str | None:
    left = [*statuses]

    def answer(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(left.pop(0) if left[1:] else left[0], json={"title": "drill 1"})

    transport = httpx2.MockTransport(answer)
    with httpx2.Client(base_url="http://service", transport=transport) as client:
        return drilled._title(client, "e1")


def test_an_event_that_is_not_answered_for_a_while_is_not_lost(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drilled, "_ASKED_AGAIN_S", 0.0)
    assert _asked(503, 503, 503, 503, 200) == "drill 1"
    assert _asked(503, 404) is None
    monkeypatch.setattr(drilled, "_SAID_WITHIN_S", 0.05)
    with pytest.raises(TimeoutError, match="e1"):
        _asked(503)
