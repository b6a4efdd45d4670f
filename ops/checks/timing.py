"""Where the time of one request goes: name, connection, TLS, first byte, and the whole answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from kit.pure.words import seconds
from ops.checks.evidence import Evidence
from ops.checks.finding import Finding, State, away, info, no_data
from ops.checks.limits import above

_SLOW_S: Final = 1.0
"""From here on the runbook speaks of a slow answer."""
_ERROR, _OTHER = 500, 300


@dataclass(frozen=True, slots=True)
class Taken:
    """One request, in seconds: each part by itself, and `total_s` from the first to the last byte.

    Without TLS `tls_s` is None. With a `problem` there was no whole answer, and `part` says in
    which it ended.
    """

    dns_s: float = 0.0
    connect_s: float = 0.0
    tls_s: float | None = None
    first_byte_s: float = 0.0
    total_s: float = 0.0
    status: int = 0
    size_bytes: int = 0
    problem: str = ""
    part: str = ""


_PARTS: Final[tuple[tuple[str, Callable[[Taken], float | None], str], ...]] = (
    ("DNS", lambda one: one.dns_s, "the name server is slow: dig; ask a nearer one, or cache"),
    ("connect", lambda one: one.connect_s, "the way is long, or the server's queue full: ss -lnt"),
    ("TLS", lambda one: one.tls_s, "resume sessions, shorten the chain; is its processor full?"),
    ("first byte", lambda one: one.first_byte_s,
     "the service works that long: sre check performance, sre check db-performance"),
)  # fmt: skip


def judge(url: str, taken: Sequence[Taken], limit_s: float) -> tuple[Finding, ...]:
    """Return the median of each part, and the whole against the objective's threshold `limit_s`."""
    whole = [one for one in taken if not one.problem]
    lost = [one for one in taken if one.problem]
    if not whole:
        first = lost[0]
        return (away(first.part or "answer", f"{url}: {first.problem}", "sre check health"),)
    findings = [_answer(url, whole), *_total(whole, limit_s)]
    slowest = max(_PARTS, key=lambda part: median(part[1](one) or 0.0 for one in whole))
    late = slowest[0] if findings[1].state is not State.PASS else ""
    findings += [_part(name, of, step if name == late else "", whole) for name, of, step in _PARTS]
    if lost:
        text = f"{len(lost)} of {len(taken)} got no whole answer: {lost[0].part}: {lost[0].problem}"
        findings.append(Finding("lost", State.FAIL, text, limit="none", do_next="sre check health"))
    return tuple(findings)


def evidence(taken: Sequence[Taken], wanted: int) -> tuple[Evidence, ...]:
    """Return how many of the requests were answered whole."""
    return (Evidence("requests", wanted, sum(not one.problem for one in taken), "answers"),)


def _part(
    name: str, of: Callable[[Taken], float | None], step: str, whole: Sequence[Taken]
) -> Finding:
    """Return how long one part took; with a `step` it is the one that made the whole late."""
    values = [value for one in whole if (value := of(one)) is not None]
    if not values:
        return info(name, "none")
    said = f"{seconds(median(values))}, worst {seconds(max(values))}"
    state = State.WARN if step else State.INFO
    return Finding(name, state, said, do_next=step, measured=median(values))


def _answer(url: str, whole: Sequence[Taken]) -> Finding:
    worst = max(one.status for one in whole)
    value = f"{url} answers {worst}, {whole[-1].size_bytes:,} bytes"
    if worst >= _ERROR:
        return Finding("answer", State.FAIL, value, limit="below 500", do_next="sre check health")
    if worst >= _OTHER:
        return no_data("answer", f"{value}: that is not the page", "a key in SRE_API_KEYS?")
    return Finding("answer", State.PASS, value)


def _total(whole: Sequence[Taken], limit_s: float) -> list[Finding]:
    times = [one.total_s for one in whole]
    detail = f"median of {len(times)}, worst {seconds(max(times))}"
    return [
        above("total", median(times), warn=min(_SLOW_S, limit_s), fail=limit_s, show=seconds,
              detail=detail, do_next="the slowest part is below")
    ]  # fmt: skip
