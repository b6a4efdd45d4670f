"""A holiday is a line in a table, and a line in the corpus that says what it means."""

import re

import pytest

from tests.support.recipes import Tree, after

ROW = '    "towel day": (5, 25),\n'
PHRASE = '{"text": "drinks on Towel Day at 6pm", "expect": {"start": "2026-05-25T18:00"}}\n'
READ = """
from datetime import UTC, datetime
from zoneinfo import ZoneInfo
from service.parsing import parse
now = datetime(2026, 3, 11, 9, tzinfo=UTC)
print(parse("drinks on Towel Day at 6pm", now=now, zone=ZoneInfo("UTC")).event.start)
"""


@pytest.mark.thorough
def test_a_new_holiday_is_understood_and_nothing_else_gets_worse(tree: Tree) -> None:
    assert "2026-05-25" not in tree.python("-c", READ)
    said = tree.perform(
        "A date expression",
        {
            "service/parsing/holidays.py": after("_FIXED = {", ROW),
            "tests/unit/parsing/corpus/holidays.jsonl": lambda text: text + PHRASE,
        },
    )
    assert re.search(r"PASS  ([\d,]+) of ([\d,]+) cases right, as before", said)
    assert "2026-05-25 18:00" in tree.python("-c", READ)
