"""The expressions that several dashboards share."""

from typing import Final

TARGET: Final = 'job=~"$job",instance=~"$instance"'
ROUTE: Final = f'{TARGET},route=~"$route"'
_RATE: Final = "[$__rate_interval]"


def rate(metric: str, matchers: str = TARGET, *, by: str = "") -> str:
    """Return how fast a counter grows a second, summed by labels (all into one when "")."""
    return f"sum{_by(by)} (rate({metric}{{{matchers}}}{_RATE}))"


def growth(metric: str, matchers: str = TARGET, *, by: str = "") -> str:
    """Return by how much a counter grew over the time range shown."""
    return f"sum{_by(by)} (increase({metric}{{{matchers}}}[$__range]))"


def quantile(q: float, metric: str, matchers: str = TARGET, *, by: str = "") -> str:
    """Return a quantile of a histogram, by labels; nothing, not NaN, where nothing happened."""
    labels = f"le, {by}" if by else "le"
    inner = f"sum by ({labels}) (rate({metric}_bucket{{{matchers}}}{_RATE}))"
    return f"histogram_quantile({q}, {inner}) >= 0"


def buckets(metric: str, matchers: str = TARGET) -> str:
    """Return the increase in each bucket of a histogram, for a heat map."""
    return f"sum by (le) (increase({metric}_bucket{{{matchers}}}{_RATE}))"


def share(part: str, whole: str) -> str:
    """Return part / whole, and nothing where the whole is 0, since 0/0 is no answer."""
    return f"{part} / ({whole} > 0)"


def _by(labels: str) -> str:
    return f" by ({labels})" if labels else ""
