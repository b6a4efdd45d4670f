from pathlib import Path

from sre.reference import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "cli.md"


def test_the_page_of_the_command_line_shows_what_the_command_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), (
        "renew it: python -m sre.reference > docs/cli.md"
    )
