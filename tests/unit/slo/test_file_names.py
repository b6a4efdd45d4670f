"""What comes from input becomes the name of a file in its folder, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError
from kit.pure.file_names import LONGEST_BYTES, file_name, file_names


@pytest.mark.parametrize(
    "text",
    ["../x", "..", ".", "", " ", "/etc/passwd", "a/b", "a\\b", "a\0b", "a\nb", ".hidden", "~root",
     "-rf", "x " , "n" * (LONGEST_BYTES + 1), "ä" * (LONGEST_BYTES // 2 + 1), "\udcff", "a\u202eb"],
)  # fmt: skip
def test_what_would_lead_elsewhere_hide_or_not_fit_is_refused_by_its_kind(text: str) -> None:
    with pytest.raises(BadInputError, match=r"dashboard .* no file can be called so"):
        file_name(text, what="dashboard")


@pytest.mark.parametrize("text", ["steady", "week-2026-W46", "Käse 2", "a..b", "ü" * 100])
def test_an_ordinary_name_stays_as_it_is(text: str) -> None:
    assert file_name(text, what="run") == text


@given(st.text(max_size=300))
def test_no_name_that_passes_leaves_its_folder(text: str) -> None:
    try:
        name = file_name(text, what="x")
    except BadInputError:
        return
    assert name not in {"", ".", ".."}
    assert not set(name) & {"/", "\\", "\0", "\n"}
    assert len(f"{name}.json".encode()) <= 255


@pytest.mark.parametrize("pair", [("Slo", "slo"), ("a", "a"), ("STRASSE", "straße")])
def test_two_names_that_may_be_one_file_are_refused_together(pair: tuple[str, str]) -> None:
    with pytest.raises(BadInputError, match="would be one file"):
        file_names(pair, what="dashboard")
