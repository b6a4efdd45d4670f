"""Which families a project goes without, and what it would have to name to have them."""

from collections.abc import Iterator

from alerts.about import About
from alerts.own_rules import OwnRules
from alerts.trouble import Trouble


def left_out(about: About, own: OwnRules) -> tuple[str, ...]:
    """Return a line for each family left out; none that the project's own rules stand for."""
    named = {each.alert.name for each in own.rules} | set(own.without)
    return tuple(line for alert, line in _lines(about) if alert not in named)


def _lines(about: About) -> Iterator[tuple[str, str]]:
    roles = about.project.roles
    yield from _requests(about)
    yield from _latency(about)
    if not roles.dependency:
        yield "DependencyDown", "dependency lost (no [[metrics.dependency]] in sre.toml)"
    if roles.started is None:
        yield "CrashLooping", "crash loop (no started in [metrics] of sre.toml)"
    if roles.cache is None:
        yield "CacheHitRateLow", "cache (no [metrics.cache] in sre.toml)"
    if not roles.saturation:
        yield "ResourceNearlyUsedUp", "saturation (no [[metrics.saturation]] in sre.toml)"
    yield from _accuracy(about)
    if roles.prober is None:
        yield "ProbeFailing", "journeys and their prober (no [metrics.prober] in sre.toml)"
    if about.project.paths.days_off is None:
        yield "DaysOffEnding", "days off (no days_off in [paths] of sre.toml)"
    if about.project.paths.receivers is None:
        yield "", "receivers (no receivers in [paths] of sre.toml, so that routes lead to examples)"


def _requests(about: About) -> Iterator[tuple[str, str]]:
    requests = about.project.roles.requests
    if requests is None:
        for family in ("failing requests", "vanished traffic", "series gone"):
            yield "ManyRequestsFail", f"{family} (no [metrics.requests] in sre.toml)"
    elif requests.status is None:
        for family in ("failing requests", "vanished traffic", "series gone"):
            yield "ManyRequestsFail", f"{family} (no status in [metrics.requests] of sre.toml)"
    elif requests.route is None:
        yield "RouteFailing", "one route failing (no route in [metrics.requests] of sre.toml)"


def _latency(about: About) -> Iterator[tuple[str, str]]:
    latency = about.project.roles.latency
    if latency is None:
        yield "ManyRequestsSlow", "slow requests (no [metrics.latency] in sre.toml)"
    elif about.latency is None:
        yield (
            "ManyRequestsSlow",
            "slow requests (no objective reads [metrics.latency])",
        )
    else:
        if latency.early is None:
            yield "ResponseTimeHigh", "early slowness (no early in [metrics.latency] of sre.toml)"
        if latency.route is None:
            yield "RouteSlow", "one route slow (no route in [metrics.latency] of sre.toml)"


def _accuracy(about: About) -> Iterator[tuple[str, str]]:
    accuracy = about.project.roles.accuracy
    if accuracy is None:
        yield "AccuracyUnknown", "accuracy (no [metrics.accuracy] in sre.toml)"
        return
    if not about.about(Trouble.ACCURACY):
        yield "AccuracyVeryLow", "low accuracy (no objective reads [metrics.accuracy])"
    if accuracy.slice is None:
        yield "AccuracySliceDropped", "accuracy of a slice (no slice in [metrics.accuracy])"
