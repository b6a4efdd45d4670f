"""Put all checks of dashboards together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dashboards.cached_source import CachedSource
from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.edge.source import PrometheusSource
from dashboards.exclusions import Exclusions
from dashboards.levels import levelled
from dashboards.live import Limits, check_live
from dashboards.problem import Problem
from dashboards.rules import check_dashboard
from dashboards.rules.alert_panel import check_alerts
from kit.edge.prometheus import connect


def check_files(
    found: Sequence[Dashboard],
    context: Context,
    exclusions: Exclusions,
    *,
    url: str | None,
    now: float,
    limits: Limits,
    all_alerts: bool,
    levels: Mapping[str, str],
) -> list[Problem]:
    """Return every problem that is not a declared exception.

    With `url` the queries are asked of that Prometheus too; with `all_alerts` every alert of the
    context must be shown somewhere. `levels` are what a project makes of its rules.
    """
    problems = [problem for one in found for problem in check_dashboard(one, context)]
    problems.extend(_same_uid(found))
    if all_alerts:
        problems.extend(check_alerts(found, context.alerts, context.boards))
    if url is not None:
        with connect(url) as server:
            source = CachedSource(PrometheusSource(server))
            for one in found:
                problems.extend(check_live(one, source, now, limits))
    titles = {one.path: one.title for one in found}
    return [
        problem
        for problem in levelled(problems, levels)
        if not exclusions.excuse(problem, titles.get(problem.dashboard, ""))
    ]


def _same_uid(found: Iterable[Dashboard]) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for one in found:
        if one.uid and one.uid in owner:
            yield Problem(
                "dashboard-uid",
                one.path,
                "",
                "",
                f"has the uid {one.uid!r} of {owner[one.uid]}, and one would replace the other",
                "give each its own",
            )
        owner.setdefault(one.uid, one.path)
