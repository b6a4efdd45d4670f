"""Each tier of each budget alert alone and exactly at its limits, from ratios that are given."""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, length
from alerts.behaviour.given import given, labelled
from alerts.behaviour.worlds import known
from alerts.expressions import number
from alerts.names import ACCURACY_VERY_LOW, BAD, DATABASE_LOST, burn_alert, ratio
from alerts.trouble import Trouble
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

_PAGE_SPAN: Final = 11
_TICKET_SPAN: Final = 50


def burn_cases(objective: Objective, trouble: Trouble | None, *, fast: bool) -> list[Case]:
    """Return the cases of an objective's page or ticket."""
    tiers = PAGES if fast else TICKETS
    span = _PAGE_SPAN if fast else _TICKET_SPAN
    found = [
        case
        for tier in tiers
        for case in _tier(objective, trouble, for_window(tier, objective), span)
    ]
    return found if fast else [*found, *_after_pages(objective, trouble)]


def limits_of(objective: Objective, tier: Tier) -> dict[str, float]:
    """Return the limit of each window's share of bad events, as the rule writes it."""
    share = float(number(bad_share(tier, objective)))
    found = {ratio(tier.long): share, ratio(tier.short): share}
    if tier.gate != tier.short:
        found[ratio(tier.gate)] = float(number(objective.budget))
    return found


def _tier(objective: Objective, trouble: Trouble | None, tier: Tier, span: int) -> list[Case]:
    own = labelled(objective)
    limits = limits_of(objective, tier)
    counted = trouble is not Trouble.ACCURACY

    def case(name: str, shares: Mapping[str, float], bad: Sequence[Segment], *,
             fires: bool) -> Case:  # fmt: skip
        story = {f"{series}{own}": [(share, length(bad))] for series, share in shares.items()}
        events = {f"{BAD}{own}": bad} if counted else {}
        return given(f"given, {tier.name}: {name}", {**story, **events}, fires=fires)

    over = {series: limit * 1.05 for series, limit in limits.items()}
    many = [(1.0, span)]
    found = [case("all a little over", over, many, fires=True)]
    for series, limit in limits.items():
        found.append(case(f"{series} exactly at its limit", {**over, series: limit}, many,
                          fires=False))  # fmt: skip
    if counted:
        enough = tier.fewest_bad
        # Longer than keep_firing_for, which hides when the condition ended.
        story = [(6 * enough / 3600, 20), (0, 90 if span == _PAGE_SPAN else 220)]
        found += [
            case(f"{enough} in an hour", over, [(enough / 3600, span)], fires=True),
            case(f"fewer than {enough} in an hour", over, [(0.99 * enough / 3600, span)],
                 fires=False),
            case("an hour counts", over, story, fires=True),
        ]  # fmt: skip
    return found


def _after_pages(objective: Objective, trouble: Trouble | None) -> list[Case]:
    """Return an hour of silence after each kind of page, and the ticket that then comes."""
    own = labelled(objective)
    first = ACCURACY_VERY_LOW if trouble is Trouble.ACCURACY else DATABASE_LOST
    span = 190
    over = {
        f"{series}{own}": [(limit * 1.05, span)]
        for series, limit in limits_of(objective, for_window(TICKETS[0], objective)).items()
    }
    if trouble is not Trouble.ACCURACY:
        over[f"{BAD}{own}"] = [(1.0, span)]
    return [
        given(f"given: after {page}", over, fires=True,
              more=known(page, [(1, 5), (STALE, span - 5)]))
        for page in (first, burn_alert(objective.name, fast=True))
    ]  # fmt: skip
