"""Keys and headers from the environment: read as they are, and never shown."""

import pytest

from kit.edge.access import access
from kit.pure.errors import BadInputError

SECRET = "k3y-that-nobody-may-see"


def test_keys_and_headers_are_read_with_their_spaces_taken_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SRE_API_KEYS", " a, b-2 ,")
    monkeypatch.setenv("SRE_HEADERS", "X-One: 1; X-Two: two words;")
    found = access()
    assert found.keys == ("a", "b-2")
    assert found.headers == (("X-One", "1"), ("X-Two", "two words"))


@pytest.mark.parametrize("wrong", ["é", "\n", "\t", "\x7f", " ", "\udcff"])
def test_a_key_that_no_header_can_carry_is_refused_by_its_place_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("SRE_API_KEYS", f"good,{SECRET}{wrong}x")
    with pytest.raises(BadInputError) as caught:
        access()
    assert f"SRE_API_KEYS: character {len(SECRET) + 1} of key 2" in str(caught.value)
    assert SECRET not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    "wrong", [f"Authorization {SECRET}", f"X Y: {SECRET}", f": {SECRET}", f"X-A: {SECRET}\nX-B: 1",
              f"X-A: {SECRET}\u00e9"],
)  # fmt: skip
def test_a_wrong_header_is_refused_by_its_place_and_never_shown(
    monkeypatch: pytest.MonkeyPatch, wrong: str
) -> None:
    monkeypatch.setenv("SRE_HEADERS", f"X-Fine: 1;{wrong}")
    with pytest.raises(BadInputError) as caught:
        access()
    assert "SRE_HEADERS: entry 2" in str(caught.value)
    assert SECRET not in str(caught.value) + caught.value.hint
