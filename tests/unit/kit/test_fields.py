"""A hint offers another name than the one that was given."""

import pytest

from kit.pure.errors import BadInputError
from kit.pure.fields import closest, read_toml, read_yaml


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


@pytest.mark.parametrize("text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000])
def test_yaml_that_is_nested_without_end_is_an_error_and_not_the_end_of_the_process(
    text: str,
) -> None:
    with pytest.raises(BadInputError, match="nested more than 500 levels"):
        read_yaml("x.yaml", text)


def test_yaml_of_many_brackets_that_is_not_nested_deep_is_read() -> None:
    text = f"a: [{', '.join(['{b: [1]}'] * 1_000)}]"
    assert len(list(read_yaml("x.yaml", text).need("a").items())) == 1_000


@pytest.mark.parametrize("text", ["a = " + "[" * 100_000, "a = " + "{b = " * 100_000])
def test_toml_that_is_nested_without_end_is_an_error_of_its_file(text: str) -> None:
    with pytest.raises(BadInputError, match=r"mine\.toml: is not TOML"):
        read_toml("mine.toml", text)
