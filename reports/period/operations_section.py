"""What happened, who was paged, what was maintained, and how good the data are."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kit.pure.moments import local
from reports.document import Badge, Block, Column, Section, Table, Tiles, Words, columns, numeric
from reports.period import wording
from reports.period.paging import Firing
from reports.period.report import PeriodReport
from reports.period.service_section import unsound

_MOST_NEVER = 40
_COVERED_WELL = 0.99
_HANDFUL = 6
_AGES = {"backup": "Verified backup", "drill": "Passed drill"}


def paging(report: PeriodReport) -> Section:
    """Return the section on alerts."""
    lead = (
        "Actionable: its cause lasted ten minutes, without the time for which the rule goes on "
        "firing by itself, or it fired during an outage or an incident. The others ended before "
        "anybody could have acted."
    )
    return Section("alerts", "Alerts and pages", lead, tuple(_paging(report)))


def _paging(report: PeriodReport) -> Iterator[Block]:
    found = report.paging
    yield from unsound(found.problem)
    if not found.problem and report.quality.covered is not None:
        yield Tiles(
            (
                (str(found.pages), "pages (P1, P2)"),
                (str(found.pages_in_quiet_hours), "pages between 22:00 and 07:00"),
                (str(sum(a.firings for a in found.alerts)), "alerts of any kind"),
            )
        )
    if found.alerts:
        heads = map(numeric, ("Times", "In all", "Actionable", "At night"))
        rows = tuple(map(_alert, found.alerts))
        yield Table(columns("Alert", "Priority", *heads, "Flaps"), rows)
    if found.never_fired:
        number, names = len(found.never_fired), ", ".join(found.never_fired[:_MOST_NEVER])
        yield Words((f"{number} alert{'' if number == 1 else 's'} never fired: {names}.",))


def nothing_found(report: PeriodReport, what: str) -> str:
    """Return a sentence that nothing was found, and how many queries were not answered."""
    unanswered = len(report.quality.problems)
    return f"{what}." if not unanswered else f"{what} in what was answered; {unanswered} were not."


def timeline(report: PeriodReport) -> Section:
    """Return everything that happened, in the order of time."""
    rows = tuple(
        (wording.day_and_time(one.at), Badge(one.kind), one.text) for one in report.timeline
    )
    table = Table(columns("When", "What", Column("Which", is_sentence=True)), rows)
    block = table if rows else Words((nothing_found(report, "Nothing"),))
    return Section("timeline", "What happened", "", (block,))


def maintenance(report: PeriodReport) -> Section:
    """Return the age of backup and drill, and the runs of the window."""
    ages = tuple(
        (
            _AGES[one.kind],
            one.id or "none on record",
            wording.NONE if one.days is None else f"{one.days:.1f} d",
            Badge("OVERDUE" if one.overdue else "OK"),
        )
        for one in report.ages
    )
    runs = tuple(
        (
            run.id,
            run.kind,
            run.title,
            wording.day_and_time(local(run.at, ZoneInfo(report.zone))),
            Badge(run.verdict) if run.verdict else wording.NONE,
        )
        for run in report.runs
    )
    tables = (
        Table(columns("Maintenance", "Newest", numeric("Age"), "State"), ages),
        Table(
            columns("Run", "Kind", "What", "When", "Verdict"),
            runs,
            "Load and golden runs",
            folded=len(runs) > _HANDFUL,
        ),
    )
    return Section("maintenance", "Maintenance", "", tables if runs else tables[:1])


def data(report: PeriodReport) -> Section:
    """Return the data-quality box."""
    found = report.quality
    rows = (
        ("Source", found.source or "run records only"),
        (
            "Window covered by scrapes",
            _covered(report),
        ),
        ("Restarts (counters began again at zero)", str(found.resets)),
        ("Metrics without any sample", ", ".join(found.missing) or "none"),
        *((("Left out", ", ".join(report.left_out)),) if report.left_out else ()),
        ("Queries asked", str(found.queries)),
        ("Hash of the inputs", found.input_hash),
        *(
            ("Gap", f"{g.job}, {wording.day_and_time(g.start)}, {wording.minutes(g.minutes)}")
            for g in found.gaps
        ),
    )
    blocks = (
        *((Words(found.problems, warns=True),) if found.problems else ()),
        Table(columns("Of the data", Column("Value", is_sentence=True)), rows),
        *((Words(found.notes),) if found.notes else ()),
    )
    return Section("data", "Can the figures be trusted?", _lead(report), blocks)


def _covered(report: PeriodReport) -> str:
    found = report.quality
    if found.job_found is False:
        return found.unscraped
    return "not measured" if found.covered is None else wording.share(found.covered)


def _lead(report: PeriodReport) -> str:
    covered = report.quality.covered
    if covered is None and report.quality.source:
        return "How much of the window was scraped is not known."
    if covered is None:
        return "Nothing here was measured in production: the figures come from run records alone."
    if report.quality.job_found is False:
        return f"{report.quality.unscraped}: is that its name, and was it scraped then?"
    if covered < _COVERED_WELL:
        return (
            "Counters also count during a gap in the scrapes: totals include the requests of a "
            "gap, figures by hour and day do not."
        )
    return "The window is covered."


def _alert(one: Firing) -> tuple[str, ...]:
    return (
        one.alert,
        one.priority or wording.NONE,
        str(one.firings),
        wording.minutes(one.minutes),
        f"{one.actionable} of {one.firings}",
        str(one.quiet_hours),
        "yes" if one.flaps else "no",
    )
