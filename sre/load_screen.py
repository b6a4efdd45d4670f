"""What `sre load` prints: a summary to be read in ten seconds."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from kit.pure.words import counted
from reports.run.load_words import (
    LAG_NOTE,
    capacity_words,
    check_words,
    failure_words,
    health_words,
    more_words,
    plan_words,
    row_name,
    unmeasurable_words,
)
from slo.verdict import Verdict
from sre.run_screen import COLOURS, print_verdict, verdict_table
from synthetic.edge.load.outcome import Outcome
from synthetic.load.comparison import ALL, Comparison
from synthetic.load.differences import FEWEST_RUNS, Difference
from synthetic.load.pairs import Pairs
from synthetic.load.search import Try
from synthetic.load.sets import FEWEST_PAIRS
from synthetic.load.shape import Profile
from synthetic.verdict_rows import FEWEST_BUDGETS, Rule

Record = Mapping[str, Any]
_NONE: Final = "-"
_JUDGED_BY: Final = {
    Rule.OBSERVED: "judged by the shares observed (rule: observed), which is no proof",
    Rule.PROVEN: "judged by the whole 95 % range (rule: proven)",
}


def show_run(out: Console, done: Outcome, *, report: str = "") -> None:
    """Print what came of a run, the verdict last."""
    record = done.record
    shown = [r for r in record["rows"] if r["part"] is None or r["verdict"] == "FAIL"]
    out.print(verdict_table(shown))
    rule = record["config"]["profile"]["rule"]
    for row in shown:
        if more := unmeasurable_words(row) or _more_words(row, rule):
            out.print(f"          {row_name(row)}: {more}")
    if undecided := _undecided_routes(record["rows"], rule):
        out.print(f"routes    {undecided}")
    _show_figures(out, record)
    if record["capacity"]:
        show_capacity(out, record["capacity"])
    if done.comparison is not None:
        show_comparison(out, done.comparison)
    kept = str(done.path) if done.path is not None else "not kept"
    out.print(f"record    {kept}" + (f"   report  {report}" if report else ""), soft_wrap=True)
    print_verdict(out, str(done.verdict), _why(record, rule))


def show_capacity(out: Console, capacity: Record) -> None:
    """Print the steps of a climb, the safe rate and the knee."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("offered/s", "served/s", "in flight", "p95 ms", "verdict"):
        table.add_column(name, justify="right")
    for step in capacity["steps"]:
        p95 = _NONE if step["p95_ms"] is None else f"{step['p95_ms']:.0f}"
        colour = COLOURS.get(step["verdict"], "bold")
        figures = (f"{step[n]:.1f}" for n in ("offered_per_s", "served_per_s", "in_flight"))
        table.add_row(*figures, p95, f"[{colour}]{step['verdict']}[/]")
    out.print(table)
    held, knee = capacity_words(capacity)
    out.print(f"capacity  {held}")
    out.print(f"knee      {knee}")


def show_compared(out: Console, comparison: Comparison) -> None:
    """Print a comparison, the verdict last."""
    show_comparison(out, comparison)
    print_verdict(out, comparison.verdict)


def show_comparison(out: Console, comparison: Comparison) -> None:
    """Print a line a route."""
    out.print(f"spread    {spread_words(comparison)}")
    for one in comparison.differences:
        out.print(f"p{one.percentile * 100:g}       {one.route}: {one}")
    if comparison.more_failures is not None:
        out.print(f"failures  more by chance alone: p = {comparison.more_failures:.3g}")
    if more := more_runs_words(comparison):
        out.print(f"more      {more}")


def spread_words(comparison: Comparison) -> str:
    """Return what is known of how far runs of the same lie apart."""
    if comparison.pairs:
        return f"between runs of the same, from {comparison.pairs} pairs taken in turns"
    if comparison.earlier:
        return f"between runs of the same, from {comparison.earlier} earlier runs"
    return (
        f"between runs of the same unknown: {FEWEST_RUNS} earlier runs of this profile on this "
        f"machine would tell it, or {FEWEST_PAIRS} runs of each in turns, or sre load ab"
    )


def more_runs_words(comparison: Comparison) -> str:
    """Return how many more runs would decide the whole, empty where it is or nobody knows."""
    more = _more_needed(comparison.differences)
    return (
        f"about {counted(more, 'more run')} of each, in turns, would find a tenth" if more else ""
    )


def _more_needed(differences: Sequence[Difference]) -> int | None:
    return next((one.more_needed for one in differences if one.route == ALL), None)


def show_pairs(out: Console, pairs: Pairs, why_void: str | None) -> None:
    """Print what a run against two targets has shown, the verdict last."""
    for one in pairs.differences:
        out.print(f"p{one.percentile * 100:g}       {one.route}: {one}")
    (asked_a, asked_b), (failed_a, failed_b) = pairs.requests, pairs.failures
    out.print(f"requests  A {asked_a:,}, {failed_a:,} failed; B {asked_b:,}, {failed_b:,} failed")
    if pairs.more_failures is not None:
        out.print(f"failures  more by chance alone: p = {pairs.more_failures:.3g}")
    more = _more_needed(pairs.differences)
    would = f"; about {more:,} more would find a tenth" if more else ""
    out.print(f"rounds    {pairs.rounds:,} of A B B A{would}")
    print_verdict(out, str(Verdict.NO_DATA if why_void else pairs.verdict), why_void or "")


def show_search(out: Console, tries: Sequence[Try], highest: float | None) -> None:
    """Print the runs of a search and what they found."""
    for one in tries:
        colour = COLOURS.get(str(one.verdict), "bold")
        out.print(f"{one.per_s:10.1f}/s  [{colour}]{one.verdict}[/]  {one.reason}")
    out.print("breakpoint  no rate held" if highest is None else f"holds up to {highest:.1f}/s")


def tried_line(one: Try) -> str:
    """Return a run of a search in one line."""
    return f"{one.per_s:g}/s: {one.verdict}" + (f", {one.reason}" if one.reason else "")


def show_runs(out: Console, runs: Sequence[Record]) -> None:
    """Print a line a run."""
    if not runs:
        out.print("no load runs yet: sre load run smoke")
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("id", "profile", "requests", "rate/s", "p95 ms", "failed", "verdict"):
        table.add_column(name, no_wrap=True)
    for one in runs:
        p95 = _NONE if one["p95_ms"] is None else f"{one['p95_ms']:.1f}"
        figures = (f"{one['requests']:,}", f"{one['rate_per_s']:.1f}", p95, str(one["failed"]))
        note = "" if one["status"] == "whole" else f" ({one['status']})"
        table.add_row(one["id"], one["profile"], *figures, one["verdict"] + note)
    out.print(table)


def show_profiles(out: Console, profiles: Sequence[Profile]) -> None:
    """Print a line a profile."""
    for one in profiles:
        line = f"{one.name:<12}{one.duration_s:>7g} s  {one.description}"
        out.print(line, markup=False)


def _show_figures(out: Console, record: Record) -> None:
    figures, account = record["overall"], record["account"]
    known = figures["percentiles_ms"]
    marks = {name: "*" if one.get("lagged") else "" for name, one in known.items()}
    tops = "  ".join(f"{n} {v['value']:.1f} ms{marks[n]}" for n, v in known.items())
    closed = record["config"]["profile"]["model"] == "closed"
    note = "  (closed model: hides stalls)" if closed else ""
    out.print(f"latency   {tops or 'no answer'}{note}")
    if any(marks.values()):
        out.print(f"          {LAG_NOTE}")
    out.print(
        f"requests  {account['scheduled']:,} scheduled, {account['sent']:,} sent, "
        f"{account['finished']:,} finished, {account['dropped']:,} dropped, "
        f"{figures['failed']:,} failed"
    )
    if retried := account.get("retried"):
        out.print(
            f"retried   {counted(retried, 'request')}: the target closed the connection first"
        )
    if record["status"] != "whole":
        out.print(f"plan      {plan_words(record.get('plan'))}")
    if failures := failure_words(record):
        out.print(f"failed    {', '.join(failures)}")
    generator = record["generator"]
    out.print(
        f"sender    lag p99 {generator['lag_p99_ms']:.1f} ms, "
        f"{generator['cpu_share']:.0%} of a core"
    )
    if record["cross_check"] is not None:
        out.print(f"/metrics  {check_words(record['cross_check'])}")
    if record["cleaning_problem"]:
        out.print(f"cleaning  {record['cleaning_problem']}")
    if missing := health_words(record["health"]):
        out.print(f"/health   {missing}")


def _why(record: Record, rule: str) -> str:
    if record["void_reason"]:
        return str(record["void_reason"])
    partial = "a partial run" if record["status"] == "partial" else ""
    if record["interrupted"]:
        partial = "interrupted: a partial run"
    until = record["config"]["profile"]["must_hold_per_s"]
    judged = _JUDGED_BY[Rule(rule)] + (f", up to {until:g}/s" if until else "")
    return "; ".join(filter(None, (partial, record["stopped_early"], judged)))


def _more_words(row: Record, rule: str) -> str:
    if rule == Rule.OBSERVED and row["more_needed"]:
        missing = counted(row["more_needed"], "more request")
        return f"too few to judge by what was observed: {missing} would decide"
    return more_words(row)


def _undecided_routes(rows: Sequence[Record], rule: str) -> str:
    """Return how many routes' own rows are open and why; empty when none is."""
    routes = {row["part"] for row in rows if row["part"] is not None}
    decided = {row["part"] for row in rows if row["verdict"] == Verdict.FAIL}
    undecided = {r["part"] for r in rows if r["verdict"] == Verdict.INCONCLUSIVE and r["part"]}
    number = len(undecided - decided)
    if number == 0:
        return ""
    why = (
        f"fewer than {FEWEST_BUDGETS} bad ones allowed each"
        if rule == Rule.OBSERVED
        else "too few requests each for a proof"
    )
    return f"{number} of {counted(len(routes), 'route')} INCONCLUSIVE alone: {why}"
