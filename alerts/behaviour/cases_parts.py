"""What a service stands on: each dependency lost, each resource nearly used up."""

from alerts.about import About
from alerts.behaviour.case import Segment
from alerts.behaviour.given import given
from alerts.behaviour.pinned import Pinned, Waits
from alerts.expressions import of_job
from alerts.rule import Alert
from slo.series import selectors


def dependency_tests(about: About, alert: Alert) -> list[Pinned]:
    """Return each dependency that is lost and comes back, and all that are well."""
    waits, found = Waits.of(alert), list[Pinned]()
    ups = {each.name: _series(each.up, about) for each in about.project.roles.dependency}
    story, pins = waits.story(0, 1)
    for name, up in ups.items():
        lost = given(f"{name} is lost, then well again", {up: story}, fires=True)
        found.append(Pinned(lost, pins))
    well = given("all are well", dict.fromkeys(ups.values(), waits.never(1)), fires=False)
    return [*found, Pinned(well, waits.silent())]


def resource_tests(about: About, alert: Alert) -> list[Pinned]:
    """Return each resource above, and exactly at, the share that may be used."""
    waits, most, found = Waits.of(alert), about.limits.resource_ratio, list[Pinned]()
    for each in about.project.roles.saturation:
        size = each.limit if isinstance(each.limit, float) else 1000.0
        story, pins = waits.story(size * (most + 0.02), size * 0.2)
        edge = waits.never(size * most)
        used = _series(each.used, about)
        for name, values, expected in (
            ("nearly used up, then well again", story, pins),
            ("exactly at its limit", edge, waits.silent()),
        ):
            series: dict[str, list[Segment]] = {used: values}
            if not isinstance(each.limit, float):
                span = sum(minutes for _, minutes in values)
                series[_series(each.limit, about)] = [(size, span)]
            case = given(f"{each.name}: {name}", series, fires=any(expected.values()))
            found.append(Pinned(case, expected))
    return found


def _series(selector: str, about: About) -> str:
    """Return a series that a selector of the project file selects."""
    (found,) = selectors(of_job(selector, about.project))
    labels = [f'{name}="{value}"' for name, op, value in found.matchers if op == "="]
    written = ",".join((*labels, 'instance="a"'))
    return f"{found.metric}{{{written}}}"
