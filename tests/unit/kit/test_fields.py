"""A hint offers another name than the one that was given."""

import pytest

from kit.pure.fields import closest


@pytest.mark.parametrize(
    ("name", "valid", "advice"),
    [
        ("steddy", ("steady", "stress"), "did you mean 'steady'?"),
        ("steady", ("steady", "steady-long"), "did you mean 'steady-long'?"),
        ("ImportsPilingUp", ("ImportsPilingUp", "Watchdog"), "use one of: Watchdog"),
        ("Redis", ("redis",), "did you mean 'redis'?"),
        ("only", ("only",), "there is no other"),
        ("any", (), "there is no other"),
    ],
)
def test_a_suggestion_is_never_the_name_itself(
    name: str, valid: tuple[str, ...], advice: str
) -> None:
    assert closest(name, valid) == advice
