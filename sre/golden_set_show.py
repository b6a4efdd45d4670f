"""What the verbs about the golden set itself print, and what they say as JSON."""

import difflib
from collections import Counter
from collections.abc import Sequence

from rich.console import Console

from kit.pure.errors import BadInputError
from kit.pure.words import counted
from synthetic.golden.baseline import Baseline, Blessed
from synthetic.golden.case import Case, fingerprint
from synthetic.golden.checking import Finding, Severity


def show_findings(out: Console, cases: Sequence[Case], findings: Sequence[Finding]) -> None:
    """Print what a check found, and the size of the set last."""
    for one in findings:
        out.print(f"{one.severity:<8}{one.rule}: {one.message}", markup=False)
    errors = sum(one.severity is Severity.ERROR for one in findings)
    size, wrong = counted(len(cases), "case"), counted(errors, "error")
    out.print(f"{size}, set {fingerprint(cases)}: {wrong}")


def show_blessed(out: Console, baseline: Baseline, lost: Sequence[str]) -> None:
    """Print what was accepted."""
    out.print(f"blessed {baseline.right:,} right of {counted(len(baseline.cases), 'case')}")
    if lost:
        out.print(f"accepted as lost: {', '.join(lost)}")


def set_data(cases: Sequence[Case], baseline: Baseline | None) -> dict[str, object]:
    """Return how many cases each slice has, and every blessing."""
    return {
        "schema": "calendar-sre/golden-show/v1",
        "set_hash": fingerprint(cases),
        "slices": _sizes(cases),
        "history": _blessings(baseline),
    }


def show_set(out: Console, cases: Sequence[Case], baseline: Baseline | None) -> None:
    """Print how many cases each slice has, and every blessing."""
    for label, size in _sizes(cases).items():
        out.print(f"{size:6,}  {label}")
    out.print(f"set {fingerprint(cases)}")
    for one in (history := _blessings(baseline)):
        line = (
            f"{one['on']}  {one['right']:,} of {one['cases']:,} right, "
            f"blessed by {one['by']}: {one['reason']}"
        )
        out.print(line, markup=False)
    if not history:
        out.print("never blessed")


def case_named(name: str, cases: Sequence[Case]) -> Case:
    """Return one case; raises BadInputError for an unknown id."""
    found = next((case for case in cases if case.id == name), None)
    if found is None:
        near = difflib.get_close_matches(name, [case.id for case in cases], n=1)
        raise BadInputError(
            f"there is no golden case {name!r}",
            hint=f"did you mean {near[0]}?" if near else "sre golden show lists the slices",
        )
    return found


def case_data(case: Case, blessed: Blessed | None) -> dict[str, object]:
    """Return a case with the blessed answer."""
    answer = None
    if blessed is not None:
        answer = {"right": blessed.right, "answered": blessed.answered}
    return {"schema": "calendar-sre/golden-show-case/v1", **case.to_json(), "blessed": answer}


def show_case(out: Console, case: Case, blessed: Blessed | None) -> None:
    """Print a case with the blessed answer."""
    lines = [f"{case.id}: {case.text!r}, said at {case.now} in {case.timezone}"]
    for field in case.fields:
        answered = (blessed.answered or {}).get(field) if blessed else "-"
        lines.append(f"  {field:<11} expected {case.expected[field]!r}, blessed {answered!r}")
    who = case.provenance
    lines.append(f"  written by {who.by} on {who.on}: {who.why}")
    out.print("\n".join(lines), markup=False)


def _sizes(cases: Sequence[Case]) -> dict[str, int]:
    return dict(Counter(label for case in cases for label in case.labels()))


def _blessings(baseline: Baseline | None) -> list[dict[str, object]]:
    return [] if baseline is None else [dict(one) for one in baseline.history]
