"""The dashboard of those who answer for the product."""

from collections.abc import Iterator

from dashboards.boards.promql import ROUTE, TARGET, growth, rate, share
from dashboards.boards.slo_panels import budget_left, kept
from dashboards.boards.traffic import IDLE, failed_share, request_rate, response_times
from dashboards.facts import Facts
from dashboards.panel import Board, Kind, Panel, Query, Row, Unit
from slo.objective import Measure

_PLEASED = 'rating=~"4|5"'


def executive(facts: Facts) -> Board:
    """Return availability, volume, errors and satisfaction."""
    return Board(
        uid="calendar-executive",
        title="Calendar: executive",
        summary="Do we meet our objectives, for how many people, and are they content?",
        tags=("executive",),
        since="now-7d",
        rows=(
            Row("Do we meet our objectives?", tuple(_objectives(facts))),
            Row("How much is the service used?", tuple(_usage())),
            Row("Does it fail, and is it slow?", tuple(_trouble(facts))),
            Row("Are people content?", tuple(_satisfaction())),
        ),
    )


def _objectives(facts: Facts) -> Iterator[Panel]:
    width = max(4, 24 // len(facts.objectives))
    yield from (kept(objective, facts, width=width) for objective in facts.objectives)
    yield from (budget_left(objective, facts, width=width) for objective in facts.objectives)


def _usage() -> Iterator[Panel]:
    yield Panel(
        title="Requests in this time",
        kind=Kind.STAT,
        unit=Unit.COUNT,
        queries=(Query(growth("http_requests_total", ROUTE), "requests", instant=True),),
        good="grows with the number of users.",
        otherwise="compare with the week before by the time range above.",
        width=6,
    )
    yield Panel(
        title="Active users",
        kind=Kind.TIMESERIES,
        unit=Unit.COUNT,
        queries=(Query(f"sum(active_users{{{TARGET}}})", "users in five minutes"),),
        good="follows the working day.",
        otherwise="fewer users than last week at the same hour: ask support first.",
        width=9,
        lowest=0,
    )
    yield request_rate(width=9)


def _trouble(facts: Facts) -> Iterator[Panel]:
    errors, latency = facts.objective(Measure.ERRORS), facts.objective(Measure.LATENCY)
    yield failed_share(errors.budget, facts.limit("error_ratio_high"), ())
    yield response_times(latency.threshold_s or 0.0, None, ())


def _satisfaction() -> Iterator[Panel]:
    pleased = growth("feedback_total", f"{TARGET},{_PLEASED}")
    yield Panel(
        title="Ratings of four or five",
        kind=Kind.STAT,
        unit=Unit.SHARE,
        queries=(Query(share(pleased, growth("feedback_total")), "content", instant=True),),
        good="four of five people or more are content.",
        otherwise="read the comments in the review queue; the development dashboard shows what "
        "the parser gets wrong.",
        when_empty="Nobody has rated an answer in this time.",
        width=6,
    )
    yield Panel(
        title="Ratings over time",
        kind=Kind.TIMESERIES,
        unit=Unit.PER_SECOND,
        queries=(Query(rate("feedback_total", by="rating"), "{{rating}} of 5"),),
        good="mostly 4 and 5.",
        otherwise="a burst of 1 and 2 after a deploy is a reason to roll back.",
        width=9,
        stacked=True,
        lowest=0,
    )
    wanted = rate("calendar_operations_total", f'{TARGET},outcome="ok"')
    yield Panel(
        title="What people asked for was done",
        kind=Kind.TIMESERIES,
        unit=Unit.SHARE,
        queries=(Query(share(wanted, rate("calendar_operations_total")), "carried out"),),
        good="nearly all; a conflict or an unknown event is the usual rest.",
        otherwise="the development dashboard splits it by operation and outcome.",
        when_empty=IDLE,
        width=9,
        lowest=0,
        highest=1,
    )
