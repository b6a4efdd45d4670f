"""When the users of a drill are content."""

import pytest

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
