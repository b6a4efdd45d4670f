"""If-Match: any of its strong tags will do, and one without a tag of ours is of no version."""

import pytest
from starlette.requests import Request

from service.api.conditions import wanted_versions
from service.errors import ProblemError


def request_with(*values: str) -> Request:
    headers = [(b"if-match", value.encode()) for value in values]
    return Request({"type": "http", "method": "PUT", "headers": headers})


@pytest.mark.parametrize(
    ("value", "versions"),
    [
        ('"3"', {3}),
        ('"3", "17"', {3, 17}),
        ('"theirs" , "5"', {5}),
        ('"a,b","6"', {6}),
        ('W/"4", "7"', {7}),
        ("*", None),
    ],
)
def test_one_of_several_tags_is_enough(value: str, versions: set[int] | None) -> None:
    assert wanted_versions(request_with(value)) == versions


def test_no_header_is_no_condition() -> None:
    assert wanted_versions(request_with()) is None


@pytest.mark.parametrize("value", ["", "  ", 'W/"3"', '"theirs"', "3", ",", '"' * 4000])
def test_a_header_without_a_tag_of_ours_is_of_no_version(value: str) -> None:
    with pytest.raises(ProblemError) as caught:
        wanted_versions(request_with(value))
    assert caught.value.code == "precondition_failed"
