"""What changed between two runs, or two targets, as a Markdown table."""

from collections.abc import Sequence

from kit.pure.json_values import JsonMapping
from kit.pure.words import milliseconds


def changes_markdown(
    before: str, after: str, verdict: str, differences: Sequence[JsonMapping], note: str
) -> str:
    """Return a table with a line a route; `before` and `after` head its columns."""
    lines = [
        f"**{verdict}**: {_cell(after)} against {_cell(before)}",
        "",
        f"| | {_cell(before)} | {_cell(after)} | change |",
        "|---|---:|---:|---|",
    ]
    for one in differences:
        name = f"p{one['percentile'] * 100:g} of {_cell(one['route'])}"
        figures = (milliseconds(one[side]) for side in ("before_ms", "after_ms"))
        lines.append(f"| {name} | {' | '.join(figures)} | {_cell(one['text'])} |")
    return "\n".join([*lines, "", note, ""])


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
