"""Alerts on budgets: each tier of each objective just above and just below its limit."""

from collections.abc import Callable, Sequence
from typing import Final

from alerts.about import About
from alerts.behaviour.case import Case, gauge
from alerts.behaviour.cases_burn import burn_tests
from alerts.behaviour.cases_objectives import after_page, ticket_tests
from alerts.behaviour.pinned import Waits
from alerts.behaviour.worlds import WHOLE, requests, speeds
from alerts.catalogue.budgets import burning
from alerts.names import ACCURACY_VERY_LOW, OWN_CAUSE
from alerts.trouble import Trouble
from slo.objective import Objective
from slo.recorded import is_ours
from slo.windows import PAGES, bad_share

Story = Sequence[tuple[float, float, int]]
"""Requests a minute, share that is bad, minutes."""
_FIRES: Final = True
_SILENT: Final = False
World = Callable[[str, Story, bool], Case]


def cases(
    about: About,
) -> dict[str, list[Case]]:
    """Return the cases by alert."""
    found: dict[str, list[Case]] = {"BudgetNearlyExhausted": _exhausted()}
    for each in about.objectives:
        if not is_ours(each):
            continue
        trouble, alerts = about.troubles[each.name], burning(each, about)
        page, ticket = alerts
        found[page.name] = [
            *(pinned.case for pinned in burn_tests(each, page, fast=True)),
            *_fast(each, trouble),
        ]
        found[ticket.name] = [
            *(pinned.case for pinned in ticket_tests(each, ticket)),
            after_page(each, Waits.of(ticket), _first(trouble)).case,
        ]
    return found


def _first(trouble: Trouble | None) -> str:
    """Return a page that speaks before an objective's own."""
    return ACCURACY_VERY_LOW if trouble is Trouble.ACCURACY else OWN_CAUSE


def _world(trouble: Trouble | None) -> World:
    match trouble:
        case Trouble.LATENCY:
            return lambda name, story, fires: speeds(
                [(rate, bad, bad, span) for rate, bad, span in story], name=name, fires=fires
            )
        case Trouble.ACCURACY:
            series = WHOLE
            return lambda name, story, fires: Case(
                name,
                {series: gauge(*((1 - bad, span) for _, bad, span in story))},
                sum(part[2] for part in story),
                fires,
            )
        case _:
            return lambda name, story, fires: requests(story, name=name, fires=fires)


def _fast(objective: Objective, trouble: Trouble | None) -> list[Case]:
    """Return hours of requests; every limit to the last digit is in `cases_burn`."""
    world = _world(trouble)
    hour, quarter = (bad_share(tier, objective) for tier in PAGES)
    found = [
        world("over the hour's limit", [(600, 0, 330), (600, hour * 1.05, 70),
              (600, 0, 16)], _FIRES),
        world("under the hour's limit", [(600, 0, 330), (600, hour * 0.96, 70)],
              hour * 0.96 * 70 / 400 > quarter),
        world("over the limit of six hours", [(600, 0, 60), (600, quarter * 1.05, 370)], _FIRES),
        world("under the limit of six hours", [(600, 0, 60), (600, quarter * 0.96, 370)], _SILENT),
        world("for a minute", [(600, 0, 330), (600, min(0.9, hour * 40), 1),
              (600, 0, 30)], _SILENT),
    ]  # fmt: skip
    if trouble is not Trouble.ACCURACY:
        found += _few(objective, world, hour, [10.5, 9.5])
    return found


def _few(objective: Objective, world: World, share: float, counts: Sequence[float]) -> list[Case]:
    """Return an hour with just enough and just too few bad events."""
    bad = min(0.9, max(share * 2, objective.budget * 3))
    return [
        world(
            f"{count:g} bad events in an hour",
            [(0, 0, 5), (count / 60 / bad, bad, 61), (0, 0, 10)],
            count == counts[0],
        )
        for count in counts
    ]


def _exhausted() -> list[Case]:
    """Return a budget of a month that six bad hours spend, and one that is barely kept."""
    span = 360
    return [
        requests([(600, 0.12, span)], name="most of a month's budget in six hours", fires=True),
        requests([(600, 0.104, span)], name="a little less", fires=False),
    ]
