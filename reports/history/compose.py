"""The history as a document."""

from collections.abc import Iterator

from kit.pure.words import NONE, milliseconds, percent, share
from reports.document import Badge, Block, Column, Document, Section, Table, Words, columns, numeric
from reports.history.history import History, Kept

_MOST_SLICES = 12


def document(found: History) -> Document:
    """Return the page over all reports and runs; what there is no record of is left out."""
    sections = (
        Section("objectives", "Objectives", "", tuple(_objectives(found))),
        Section("actions", "Things to do", "", tuple(_actions(found))),
        Section("alerts", "Alert noise", "", tuple(_noise(found))),
        Section("accuracy", "Accuracy of golden runs", "", tuple(_golden(found))),
        Section("load", "Load runs by commit", "", tuple(_loads(found))),
        Section("data", "Data", "", (Words(found.unread, warns=True),) if found.unread else ()),
    )
    open_ones = sum(not one.closed for one in found.actions)
    counts = (len(found.reports), len(found.golden), len(found.loads))
    told = "{} reports, {} golden runs, {} load runs".format(*counts)
    return Document(
        "HISTORY",
        f"{told}; {open_ones} things to do are open.",
        f"Every {found.kind} on record, oldest first",
        tuple(one for one in sections if one.blocks),
    )


def _objectives(found: History) -> Iterator[Block]:
    """Yield a table with a row for each report and a column for each objective."""
    names = list(dict.fromkeys(one.objective for one in found.objectives))
    cells = {(one.report, one.objective): one for one in found.objectives}
    rows = []
    for report in found.reports:
        row = [report]
        for name in names:
            one = cells.get((report, name))
            row.append(NONE if one is None else _kept(one))
        rows.append(tuple(row))
    if rows:
        yield Table(columns("Report", *map(numeric, names)), tuple(rows))


def _kept(one: Kept) -> str:
    left = "" if one.budget_left is None else f", {percent(one.budget_left, 0)} left"
    return f"{share(one.kept)}{left}"


def _actions(found: History) -> Iterator[Block]:
    rows = tuple(
        (one.do, one.opened, one.closed or Badge("OPEN"), str(one.reports)) for one in found.actions
    )
    if rows:
        heads = columns(
            Column("What", is_sentence=True), "Opened by", "Closed by", numeric("Reports")
        )
        yield Table(heads, rows)


def _noise(found: History) -> Iterator[Block]:
    rows = tuple(
        (
            one.report,
            str(one.firings),
            percent(one.actionable / one.firings, 0) if one.firings else NONE,
            str(one.quiet_pages),
        )
        for one in found.noise
    )
    if rows:
        yield Table(
            columns("Report", *map(numeric, ("Alerts", "Actionable", "Pages at night"))), rows
        )


def _golden(found: History) -> Iterator[Block]:
    if not found.golden:
        return
    newest = dict(found.golden[-1].slices)
    weakest = sorted(newest, key=lambda name: (newest[name], name))[:_MOST_SLICES]
    rows = tuple(
        (
            one.id,
            one.commit,
            share(one.ratio),
            *(share(dict(one.slices).get(name)) for name in weakest),
        )
        for one in found.golden
    )
    yield Table(columns("Run", "Commit", numeric("All"), *map(numeric, weakest)), rows)


def _loads(found: History) -> Iterator[Block]:
    rows = tuple(
        (
            one.id,
            one.commit,
            one.profile,
            NONE if one.per_s is None else f"{one.per_s:,.1f}/s",
            milliseconds(one.p95_ms),
            share(one.failed),
            Badge(one.verdict) if one.verdict else NONE,
        )
        for one in found.loads
    )
    if rows:
        heads = map(numeric, ("Answers", "p95", "Failed"))
        yield Table(columns("Run", "Commit", "Profile", *heads, "Verdict"), rows)
