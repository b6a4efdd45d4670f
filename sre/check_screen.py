"""Show what a check found: the verdict first, then what is worst, then what to do."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from rich.console import Console
from rich.text import Text

from kit.pure.exits import Exit
from kit.pure.words import age
from ops.checks.finding import Checked, Finding, State, in_order, to_json
from sre.answer import Answer

_STYLES: Final = {
    State.FAIL: "bold red",
    State.WARN: "bold yellow",
    State.NO_DATA: "bold magenta",
    State.PASS: "green",
    State.INFO: "dim",
}
_SHOWN: Final = {State.INFO: ""}
_WIDEST: Final = 34
_COUNTED: Final = (State.FAIL, State.WARN, State.NO_DATA)
_BAD: Final = frozenset({State.FAIL, State.WARN})


def exit_of(checked: Checked) -> Exit:
    """Return 3 when all that failed did not answer, 1 for what is bad, 5 for what is not known."""
    state = checked.state
    if state is State.PASS:
        return Exit.HOLDS
    if state is State.NO_DATA:
        return Exit.NOT_ENOUGH_DATA
    return Exit.UNREACHABLE if checked.is_unreachable else Exit.BAD


def data_of(checked: Checked) -> dict[str, object]:
    """Return the check as its JSON object."""
    return to_json(checked) | {"exit_code": int(exit_of(checked))}


def answer_of(checked: Checked) -> Answer:
    """Return what a check found as the answer of its verb."""
    return Answer(data_of(checked), lambda out: show(out, checked), exit_of(checked))


def show(out: Console, checked: Checked) -> None:
    """Print the verdict, then each part with the worst first."""
    out.print(headline(checked))
    parts = checked.parts or (checked,)
    subjects = (len(one.subject) for part in parts for one in part.findings)
    width = min(max(subjects, default=0), _WIDEST)
    for part in parts:
        if checked.parts:
            out.print()
            out.print(Text.assemble((part.check, "bold"), "  ", _word(part.state)))
        for one in in_order(part.findings):
            _show(out, one, width, checked.at)
        if part.evidence:
            out.print(Text(f"  {'seen':<8}{_seen(part)}", "dim"))


def headline(checked: Checked) -> Text:
    """Return the verdict and what decides it, in one line."""
    states = [one.state for one in checked.all_findings()]
    text = Text.assemble(_word(checked.state), f"  {checked.check}: ")
    if checked.state is State.PASS:
        return text.append(f"{states.count(State.PASS)} of {states.count(State.PASS)} hold")
    counts = [f"{states.count(state)} {state}" for state in _COUNTED if state in states]
    return text.append(f"{_deciding(checked)}  ({', '.join(counts)})")


def _deciding(checked: Checked) -> str:
    """Return the first finding that makes the verdict what it is."""
    for part in checked.parts or (checked,):
        for one in in_order(part.findings):
            if one.state is checked.state:
                where = f"{part.check}: " if checked.parts else ""
                return f"{where}{one.subject} {one.value}"
    return "nothing was looked at"


def _show(out: Console, one: Finding, width: int, now: datetime) -> None:
    line = Text("  ")
    line.append(f"{_SHOWN.get(one.state, str(one.state)):<8}", _STYLES[one.state])
    line.append(f"{one.subject:<{width}}  ", "bold" if one.state in _BAD else "")
    line.append(one.value)
    if one.limit:
        line.append(f"   limit {one.limit}", "dim")
    if one.since is not None and one.state is not State.INFO:
        line.append(f"   since {_since(one.since, now)}", "dim")
    out.print(line)
    if one.do_next and one.state is not State.PASS:
        out.print(Text.assemble(" " * 10, ("do  ", "cyan"), one.do_next))


def _seen(part: Checked) -> str:
    """Return how much of each source was seen, in one line."""
    return ", ".join(f"{one['source']} {_share(one)}" for one in part.evidence)


def _share(one: Mapping[str, Any]) -> str:
    if one["unit"].startswith("of "):
        return f"{one['share']:.0%}"
    return f"{one['seen']:,.0f}/{one['wanted']:,.0f}"


def _since(moment: datetime, now: datetime) -> str:
    ago_s = max(0.0, (now - moment).total_seconds())
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC, {age(ago_s)} ago"


def _word(state: State) -> tuple[str, str]:
    return str(state), _STYLES[state]
