"""What happened, who was paged, what was kept up, and how good the data are."""

from reports.period import wording
from reports.period.document import Badge, Block, Column, Section, Table, Tiles, Words
from reports.period.paging import Firing
from reports.period.report import PeriodReport

_MOST_NEVER = 40
_COVERED_WELL = 0.99
_HANDFUL = 6


def paging(report: PeriodReport) -> Section:
    """Return the section on alerts."""
    found, blocks = report.paging, list[Block]()
    if found.problem:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    elif report.quality.covered is not None:
        blocks.append(
            Tiles(
                (
                    (str(found.pages), "pages (P1, P2)"),
                    (str(found.pages_in_quiet_hours), "pages between 22:00 and 07:00"),
                    (str(sum(a.firings for a in found.alerts)), "alerts of any kind"),
                )
            )
        )
    if found.alerts:
        columns = (
            Column("Alert"),
            Column("Priority"),
            Column("Times", is_number=True),
            Column("In all", is_number=True),
            Column("Actionable", is_number=True),
            Column("At night", is_number=True),
            Column("Flaps"),
        )
        blocks.append(Table(columns, tuple(_alert(one) for one in found.alerts)))
    if found.never_fired:
        names = ", ".join(found.never_fired[:_MOST_NEVER])
        number = len(found.never_fired)
        told = "1 alert" if number == 1 else f"{number} alerts"
        blocks.append(Words((f"{told} never fired: {names}.",)))
    lead = (
        "Actionable: it lasted ten minutes or met an outage or an incident. The others ended "
        "before anybody could have acted."
    )
    return Section("alerts", "Alerts and pages", lead, tuple(blocks))


def nothing_seen(report: PeriodReport, what: str) -> str:
    """Return a sentence that nothing was found, and how much was not answered."""
    unanswered = len(report.quality.problems)
    return f"{what}." if not unanswered else f"{what} in what was answered; {unanswered} were not."


def timeline(report: PeriodReport) -> Section:
    """Return everything on one line of time."""
    columns = (Column("When"), Column("What"), Column("Which", is_sentence=True))
    rows = tuple(
        (wording.day_and_time(one.at), Badge(one.kind), one.text) for one in report.timeline
    )
    nothing = Words((nothing_seen(report, "Nothing"),))
    blocks: tuple[Block, ...] = (Table(columns, rows),) if rows else (nothing,)
    return Section("timeline", "What happened", "", blocks)


def upkeep(report: PeriodReport) -> Section:
    """Return the age of backup and drill, and the runs of the window."""
    columns = (Column("Upkeep"), Column("Newest"), Column("Age", is_number=True), Column("State"))
    rows = tuple(
        (
            {"backup": "Verified backup", "drill": "Passed drill"}[one.kind],
            one.id or "none on record",
            wording.NONE if one.days is None else f"{one.days:.1f} d",
            Badge("OVERDUE" if one.overdue else "OK"),
        )
        for one in report.ages
    )
    blocks: list[Block] = [Table(columns, rows)]
    if report.runs:
        heads = ("Run", "Kind", "What", "When", "Verdict")
        found = tuple(
            (
                run.id,
                run.kind,
                run.title,
                wording.day_and_time(run.at.astimezone(report.window.start.tzinfo)),
                Badge(run.verdict) if run.verdict else wording.NONE,
            )
            for run in report.runs
        )
        blocks.append(
            Table(
                tuple(map(Column, heads)),
                found,
                "Load and golden runs",
                folded=len(found) > _HANDFUL,
            )
        )
    return Section("upkeep", "Upkeep", "", tuple(blocks))


def data(report: PeriodReport) -> Section:
    """Return the data-quality box."""
    found = report.quality
    covered = "not measured" if found.covered is None else wording.share(found.covered)
    rows = [
        ("Source", found.source or "run records only"),
        ("Window covered by scrapes", covered),
        ("Restarts (counters began again at zero)", str(found.resets)),
        ("Metrics without any sample", ", ".join(found.missing) or "none"),
        ("Queries asked", str(found.queries)),
        ("Hash of the inputs", found.input_hash),
    ]
    rows += [
        ("Gap", f"{g.job}, {wording.day_and_time(g.start)}, {wording.minutes(g.minutes)}")
        for g in found.gaps
    ]
    blocks: list[Block] = [
        Table((Column("Of the data"), Column("Value", is_sentence=True)), tuple(rows))
    ]
    if found.problems:
        blocks.insert(0, Words(found.problems, warns=True))
    if found.notes:
        blocks.append(Words(found.notes))
    return Section("data", "Can the figures be trusted?", _lead(report), tuple(blocks))


def _lead(report: PeriodReport) -> str:
    covered = report.quality.covered
    if covered is None and report.quality.source:
        return "How much of the window was scraped is not known."
    if covered is None:
        return "Nothing here was measured in production: the figures come from run records alone."
    if covered < _COVERED_WELL:
        return (
            "Counters go on counting while nobody looks: totals include a gap's requests, figures "
            "by hour and day do not."
        )
    return "The window is covered."


def _alert(one: Firing) -> tuple[str | Badge, ...]:
    return (
        one.alert,
        one.priority or wording.NONE,
        str(one.firings),
        wording.minutes(one.minutes),
        f"{one.actionable} of {one.firings}",
        str(one.quiet_hours),
        "yes" if one.flaps else "no",
    )
