"""What families record once for a service: usual traffic, and what is slower than it should be."""

from alerts.about import About, Stream, edge_matcher
from alerts.names import BASE, TOTAL, USUAL, over_early
from alerts.rule import Record
from kit.pure.durations import to_prometheus


def traffic_records(about: About, errors: Stream) -> tuple[Record, ...]:
    """Return how much traffic is usual now.

    The lower of this time yesterday and a week ago, so that a quiet Saturday is no news; before a
    day has been seen, the hour before the last ten minutes.
    """
    series = f"{TOTAL}{errors.own}"
    yesterday = f"avg_over_time({series}[15m] offset 1d)"
    last_week = f"avg_over_time({series}[15m] offset 1w)"
    hour = f"avg_over_time({series}[1h] offset 10m)"
    # The two differ by a label, so that `or` keeps both and `min` takes the lower, or the only one.
    both = f'label_replace({yesterday}, "of", "day", "", "") or {last_week}'
    return (about.record(USUAL, f"min({both}) or min({hour})"),)


def early_records(about: About, latency: Stream) -> tuple[Record, ...]:
    """Return the requests that took longer than the project's earlier edge, where it names one."""
    role = about.project.roles.latency
    if role is None or role.early is None:
        return ()
    own = about.project.target
    others = about.project.users(role.route).removeprefix(own)
    edge = edge_matcher(role.early, role.second)
    selector = f"{role.histogram}_bucket{{{own},{edge}{others}}}"
    within = f"sum(rate({selector}[{to_prometheus(BASE)}]))"
    expr = f"sum({TOTAL}{latency.own}) - {within}"
    return (about.record(over_early(role.early), expr),)
