"""A golden run as Markdown, for a merge request and a CI summary."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from kit.pure.json_values import JsonMapping
from kit.pure.words import counted

MOST_CHANGES: Final = 50
"""So many changed cases are written out; a comment has a limit, the record holds all."""
_SIGN: Final = {"PASS": "✅", "FAIL": "❌"}


def markdown(record: JsonMapping) -> str:
    """Return the verdict, the slices that moved, and old and new answer of each changed case."""
    gate = record["gate"]
    lines = [
        f"## {_SIGN.get(gate['verdict'], '⚠️')} Golden set: {gate['verdict']}",
        "",
        *(f"- {reason}" for reason in gate["reasons"]),
        "",
        f"{record['right']:,} of {counted(record['cases'], 'case')} right"
        + (f", {record['unanswered']:,} without an answer" if record["unanswered"] else "")
        + f". Set `{record['set_hash']}`, revision `{record['commit']}`.",
    ]
    if gate["baseline"] is not None:
        base = gate["baseline"]
        lines.append(
            f"Baseline: {base['right']:,} of {base['cases']:,} right, blessed on {base['on']} "
            f"by {_cell(base['by'])}: {_cell(base['reason'])}."
        )
    lines += _slices(gate["slices"])
    lines += _changes("Lost", [c for c in gate["changes"] if c["was_right"] > c["is_right"]])
    lines += _changes("Gained", [c for c in gate["changes"] if c["was_right"] < c["is_right"]])
    lines += _changes(
        "Answered differently, as right or wrong as before",
        [c for c in gate["changes"] if c["was_right"] == c["is_right"]],
    )
    return "\n".join(lines) + "\n"


def _slices(slices: Mapping[str, JsonMapping]) -> Iterable[str]:
    moved = [(label, s) for label, s in slices.items() if s["lost"] or s["gained"]]
    if not moved:
        return
    yield from (
        "", "| slice | cases | before | now | lost | gained | p |",
        "|---|---:|---:|---:|---:|---:|---:|",
    )  # fmt: skip
    for label, one in moved:
        before, now = one["right_before"] / one["cases"], one["right_now"] / one["cases"]
        yield (
            f"| {label} | {one['cases']} | {before:.1%} | {now:.1%} | {len(one['lost'])} "
            f"| {len(one['gained'])} | {one['p_value']:.2g} |"
        )


def _changes(title: str, changes: Sequence[JsonMapping]) -> Iterable[str]:
    if not changes:
        return
    yield from (
        "", f"### {title}: {len(changes)}", "",
        "| case | sentence | field | expected | before | now |", "|---|---|---|---|---|---|",
    )  # fmt: skip
    for change in changes[:MOST_CHANGES]:
        for name, expected in change["expected"].items():
            before, now = _field(change["before"], name), _field(change["now"], name)
            if before != now:
                cells = (change["id"], change["text"], name, _value(expected), before, now)
                yield f"| {' | '.join(_cell(cell) for cell in cells)} |"
    if len(changes) > MOST_CHANGES:
        yield f"\n… and {len(changes) - MOST_CHANGES} more in the record."


def _field(answer: JsonMapping | None, name: str) -> str:
    return "no answer" if answer is None else _value(answer.get(name))


def _value(value: object) -> str:
    if value is None or value == []:
        return "nothing"
    return ", ".join(value) if isinstance(value, list) else str(value)


def _cell(text: str) -> str:
    """Return a text that stays within its cell and is no markup."""
    flat = " ".join(text.split())
    for character in "\\`*_|<>[]":
        flat = flat.replace(character, f"\\{character}")
    return flat
