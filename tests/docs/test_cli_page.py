"""What is read as help, on the page and in the terminal, is what the command takes."""

import pytest

from sre.main import PAGES, help_page
from sre.reference import PAGE, as_json, page, pages
from sre.table import GROUPS, VERBS

RENEW = "renew it: python -m sre.reference"


def test_the_pages_of_help_are_what_the_verbs_say_of_themselves() -> None:
    found = pages()
    assert PAGE.read_text(encoding="utf-8") == page(found), RENEW
    assert PAGES.read_text(encoding="utf-8") == as_json(found), RENEW


@pytest.mark.parametrize("words", ["", *GROUPS, *VERBS])
def test_every_verb_and_group_has_a_page_of_help_that_fits_80_columns(words: str) -> None:
    found = help_page([*words.split(), "--help"])
    assert found is not None
    assert found.startswith(f"Usage: sre {words}".rstrip())
    assert max(map(len, found.splitlines())) <= 80
    assert "..." not in found.partition("\nCommands:")[2]


def test_words_that_are_no_verb_are_left_to_the_command() -> None:
    assert help_page(["lod", "--help"]) is None
    assert help_page(["load", "run"]) is None
    assert help_page([]) is None
