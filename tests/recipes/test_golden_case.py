"""A golden case is one line of JSON; a new word in its slices is a new slice."""

import json

import pytest

from tests.support.recipes import Tree

CASE = {
    "id": "siesta-001", "text": "lunch with Ana tomorrow at 1pm", "now": "2026-03-11T09:15:00",
    "timezone": "Europe/Madrid",
    "expected": {"title": "lunch", "start": "2026-03-12T13:00:00+01:00", "attendees": ["Ana"]},
    "fields": ["title", "start", "attendees"],
    "slices": {"expression": "siesta", "length": "medium", "direction": "future",
               "recurrence": "none", "noise": "clean", "locale": "en-ES"},
    "provenance": {"by": "a stranger", "on": "2026-11-29", "why": "the recipe"},
}  # fmt: skip


@pytest.mark.thorough
def test_a_case_of_a_new_slice_joins_the_set_and_is_blessed(tree: Tree) -> None:
    line = json.dumps(CASE) + "\n"
    edits = {"synthetic/golden/dayparts.jsonl": lambda text: text + line}
    tree.perform("A golden case with a new slice", edits, name="Ann")
    assert "slice expression:siesta has 1 case" in tree.run("sre golden check")
    baseline = json.loads((tree.folder / "synthetic/golden/baseline.json").read_text())
    assert "siesta-001" in json.dumps(baseline)
