"""How much of what it should have seen a check saw: what lacks its evidence is no PASS."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ops.checks.finding import Finding, State, no_data

WHOLE: Final = 1.0
MOST_OF_IT: Final = 0.95
"""Of a stretch of time less than this is no evidence for all of it."""
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one source told: `seen` of `wanted` units; a `share` below `least` is too little.

    `lacks` are words for what is missing. `bears` are the subjects of the findings that rest on
    it, each also as the beginning of a subject; without any, every finding of the check does.
    Where nothing was wanted nothing was seen: a source of which nobody knows what it should tell
    proves nothing. `is_judged` says that the findings have allowed for it already.
    """

    source: str
    wanted: float
    seen: float
    unit: str
    lacks: tuple[str, ...] = ()
    bears: tuple[str, ...] = ()
    least: float = WHOLE
    do_next: str = ""
    is_judged: bool = False

    @property
    def share(self) -> float:
        """Return which part was seen, from 0 to 1."""
        return min(1.0, self.seen / self.wanted) if self.wanted > 0 else 0.0

    @property
    def is_enough(self) -> bool:
        """Say whether this is enough to judge by."""
        return self.share >= self.least

    @property
    def words(self) -> str:
        """Return in words how much was seen, and what is missing."""
        if self.unit.startswith("of "):
            told = f"{self.share:.1%} {self.unit}"
        else:
            told = f"{self.seen:,.0f} of {self.wanted:,.0f} {self.unit}"
        named = ", ".join(self.lacks[:_NAMED])
        more = f" and {len(self.lacks) - _NAMED} more" if len(self.lacks) > _NAMED else ""
        return f"{told}; not {named}{more}" if named else told


@dataclass(frozen=True, slots=True)
class Seen:
    """What a check found, and what it found it by."""

    findings: Sequence[Finding]
    evidence: Sequence[Evidence]


def named(
    source: str,
    wanted: Iterable[str],
    there: Iterable[str],
    *,
    unit: str,
    bears: tuple[str, ...] = (),
    do_next: str = "",
) -> Evidence:
    """Return the evidence of a source that should tell of everything in `wanted` by name."""
    names, found = list(dict.fromkeys(wanted)), set(there)
    lacks = tuple(name for name in names if name not in found)
    return Evidence(
        source, len(names), len(names) - len(lacks), unit, lacks, bears=bears, do_next=do_next
    )


def paths_in(document: object, paths: Iterable[str]) -> list[str]:
    """Return which of some dotted paths lead to a value in a JSON document."""
    return [path for path in paths if _leads(document, path.split("."))]


def _leads(value: object, path: list[str]) -> bool:
    for name in path:
        if not isinstance(value, Mapping) or value.get(name) is None:
            return False
        value = value[name]
    return True


def settled(seen: Seen) -> tuple[Finding, ...]:
    """Return the findings: none that rests on too little is a PASS.

    What no finding tells of is one of its own. A check that states no evidence looked at nothing.
    """
    short = [one for one in seen.evidence if not one.is_enough and not one.is_judged]
    if not seen.evidence:
        short = [Evidence("sources", 0, 0, "were looked at")]
    held = tuple(_held(one, short) for one in seen.findings)
    if any(one.unreachable for one in held):  # which says already why more was not seen
        return held
    return (*held, *(_lack(one) for one in short if not _is_told(one, held)))


def _held(one: Finding, short: Sequence[Evidence]) -> Finding:
    if one.state is not State.PASS:
        return one
    lack = next((each for each in short if _bears(each, one.subject)), None)
    if lack is None:
        return one
    value = f"{one.value}; not judged, for of {lack.source} only {lack.words}"
    return replace(one, state=State.NO_DATA, value=value, do_next=lack.do_next)


def _is_told(evidence: Evidence, findings: Iterable[Finding]) -> bool:
    """Say whether a finding that rests on a source is no good one already."""
    told = {State.NO_DATA, State.FAIL}
    return any(one.state in told and _bears(evidence, one.subject) for one in findings)


def _bears(evidence: Evidence, subject: str) -> bool:
    return not evidence.bears or subject.startswith(evidence.bears)


def _lack(one: Evidence) -> Finding:
    found = no_data(f"seen of {one.source}", one.words, one.do_next)
    limit = "all" if one.least == WHOLE else f"at least {one.least:.0%}"
    return replace(found, limit=limit, measured=one.share)


def to_json(one: Evidence) -> dict[str, object]:
    """Return one source as plain JSON data."""
    return {
        "source": one.source,
        "unit": one.unit,
        "wanted": one.wanted,
        "seen": one.seen,
        "share": round(one.share, 4),
        "least": one.least,
        "enough": one.is_enough,
        "lacks": list(one.lacks),
    }
