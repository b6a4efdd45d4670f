"""Moments that people give: where there is no room for a day beside them, they are refused."""

from datetime import UTC, datetime

import pytest

from kit.pure.errors import BadInputError
from kit.pure.moments import moment_of, read_moment

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1971-01-01T00:30:00+01:00"]
)
def test_the_ends_of_the_calendar_are_out_of_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"^is out of range$"):
        read_moment(text)
    with pytest.raises(BadInputError, match="is out of range") as found:
        moment_of(text, NOW)
    assert found.value.hint == "give a year from 1971 to 9998"


@pytest.mark.parametrize("text", ["21000d", "999999d", "99999999999999999w"])
def test_a_span_to_before_all_measurements_is_no_time(text: str) -> None:
    with pytest.raises(BadInputError, match="is not a time"):
        moment_of(text, NOW)


def test_the_first_and_the_last_moment_are_read() -> None:
    assert read_moment("1971-01-01T00:00:00Z") == datetime(1971, 1, 1, tzinfo=UTC)
    assert read_moment("9998-12-31T23:59:59Z").year == 9998
    assert moment_of("18000d", NOW).year == 1977
