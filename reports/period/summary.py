"""The six figures of the evening."""

from dataclasses import dataclass

from reports.period.accuracy import Accuracy
from reports.period.backends import Backends
from reports.period.evidence import Evidence
from reports.period.slots import known
from reports.period.traffic import Traffic


@dataclass(frozen=True, slots=True)
class Summary:
    """What the operational procedures ask for each evening; shares are between 0 and 1.

    `uptime` is the share of the measured time in which an instance answered its scrape.
    """

    requests: float | None
    mean_response_s: float | None
    error_rate: float | None
    accuracy: float | None
    cache_hit_ratio: float | None
    uptime: float | None


def summary(
    evidence: Evidence, traffic: Traffic, accurate: Accuracy, backends: Backends
) -> Summary:
    """Return the six figures, None for each that the data do not give."""
    seconds = evidence.answer("whole.this:seconds").value
    lookups = sum(tier.lookups for tier in backends.cache)
    hits = sum(tier.lookups * (tier.hit_ratio or 0.0) for tier in backends.cache)
    return Summary(
        requests=traffic.requests,
        mean_response_s=seconds / traffic.requests if seconds and traffic.requests else None,
        error_rate=traffic.error_rate,
        accuracy=accurate.this,
        cache_hit_ratio=hits / lookups if lookups else None,
        uptime=_uptime(evidence),
    )


def _uptime(evidence: Evidence) -> float | None:
    up = known(evidence.total("up", evidence.fine_slots(evidence.scrape_s)))
    return float((up > 0).mean()) if len(up) else None
