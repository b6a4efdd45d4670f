"""What the service stands on: dependencies, caches, and what can be used up."""

from alerts.about import About
from alerts.expressions import number, of_job, quiet_while
from alerts.names import CAUSES, DEPENDENCY_DOWN, RESOURCE_LOW, TIER_HITS, TIER_MISSES
from alerts.rule import Alert, Priority, Record, Severity
from slo.project.project import Project
from slo.project.roles import Saturation


def dependencies(about: About) -> tuple[Alert, ...]:
    """Return the alert on lost dependencies, one for each that is down."""
    project = about.project
    lost = " or ".join(
        f'label_replace(min({of_job(each.up, project)}) == 0, "dependency", "{each.name}", "", "")'
        for each in project.roles.dependency
    )
    return (Alert(DEPENDENCY_DOWN, lost, Severity.WARNING, Priority.P2, hold="1m"),) if lost else ()


def cache_records(about: About) -> tuple[Record, ...]:
    """Return hits and misses per second of each cache."""
    cache = about.project.roles.cache
    if cache is None:
        return ()
    by, own = f" by ({cache.label})" if cache.label else "", about.project.target
    return (
        about.record(TIER_HITS, f"sum{by} (rate({cache.hits}{{{own}}}[10m]))"),
        about.record(TIER_MISSES, f"sum{by} (rate({cache.misses}{{{own}}}[10m]))"),
    )


def cache(about: About) -> tuple[Alert, ...]:
    """Return the alert on a cache that finds too little.

    A lookup goes on to the next tier when the first misses, so that only the misses of the last
    tier are lookups that nobody answered.
    """
    if about.project.roles.cache is None:
        return ()
    hits, misses, limits = about.read(TIER_HITS), about.read(TIER_MISSES), about.limits
    lookups = f"sum({hits}) + sum({misses})"
    missed = f"min({misses} and ({hits} + {misses} > 0))"
    return (
        Alert(
            "CacheHitRateLow",
            f"sum({hits}) / (sum({hits}) + {missed}) < {number(limits.cache_hit_ratio)}"
            f" and ({lookups}) * 600 >= {number(limits.cache_fewest)}"
            + quiet_while(*CAUSES, DEPENDENCY_DOWN),
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
    )


def saturation(about: About) -> tuple[Alert, ...]:
    """Return the alert on what is nearly used up, one for each kind; no limit is none reached."""
    project, most = about.project, number(about.limits.resource_ratio)
    used_up = " or ".join(
        f'label_replace(max({_share(each, project)}) > {most}, "resource", "{each.name}", "", "")'
        for each in project.roles.saturation
    )
    if not used_up:
        return ()
    return (Alert(RESOURCE_LOW, used_up, Severity.WARNING, Priority.P2, hold="5m", keep="15m"),)


def _share(each: Saturation, project: Project) -> str:
    limit = each.limit if isinstance(each.limit, float) else of_job(each.limit, project)
    over = number(limit) if isinstance(limit, float) else f"on(instance) ({limit} > 0)"
    return f"{of_job(each.used, project)} / {over}"
