"""Show a period's report on the terminal, in the order in which people act."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from kit.pure.words import count, percent, share
from reports.capacity.report import CapacityReport
from reports.edge.formats import Written
from reports.period.report import PeriodReport
from reports.period.wording import measured
from sre.run_screen import print_verdict


def show_period(out: Console, written: "Written[PeriodReport]") -> None:
    """Print the objectives, the actions to do, the files and the verdict."""
    report = written.report
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("objective", "target", "this", "28 days", "budget left", "state"):
        table.add_column(name, no_wrap=True)
    for row in report.promises:
        table.add_row(
            row.display_name,
            f"{row.target * 100:g} %",
            share(row.this),
            share(row.four_weeks),
            percent(row.budget_left, 0),
            str(row.status),
        )
    out.print(table)
    for row in report.promises:
        if row.is_thin:
            said = f"{measured(row.watched)} of its window ({row.window}) was measured"
            out.print(f"note: {escape(row.display_name)}: {said}")
    if report.left_out:
        out.print(f"note: left out: {escape(', '.join(report.left_out))}")
    for number, action in enumerate(report.actions, 1):
        out.print(f"{number}. {escape(action.do)}: {escape(action.because)}")
    for name, path in written.files.items():
        out.print(f"{name:<9} {escape(str(path))}")
    print_verdict(out, str(report.verdict), escape(report.headline))


def show_capacity(out: Console, written: "Written[CapacityReport]") -> None:
    """Print what is needed when, the files and the verdict."""
    report = written.report
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("by", "busiest hour", "at most", "replicas", "at most"):
        table.add_column(name, no_wrap=True)
    for row in report.needed:
        table.add_row(
            f"{row.day:%d %b %Y}",
            f"{row.per_s:,.3g}/s",
            f"{row.high_per_s:,.3g}/s",
            count(row.replicas),
            count(row.replicas_high),
        )
    if report.needed:
        out.print(table)
    for name, path in written.files.items():
        out.print(f"{name:<9} {escape(str(path))}")
    print_verdict(out, str(report.verdict), escape(report.headline))
