"""Two parsers on the same cases: which were lost, which gained, and how sure the difference is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.pure.inference import binomial_above
from synthetic.golden.baseline import Baseline
from synthetic.golden.run_value import GoldenRun, Result

ALPHA: Final = 0.05


@dataclass(frozen=True, slots=True)
class Paired:
    """A slice under the blessed parser and under this one.

    `lost` were right and are wrong, `gained` the other way round; `p_value` is how likely so
    lopsided an exchange is when both are equally good.
    """

    label: str
    cases: int
    right_before: int
    right_now: int
    lost: tuple[str, ...]
    gained: tuple[str, ...]
    p_value: float
    allowed_lost: int


@dataclass(frozen=True, slots=True)
class Changed:
    """A case that is answered in another way than by the blessed parser."""

    case_id: str
    was_right: bool
    is_right: bool


def mcnemar(lost: int, gained: int) -> float:
    """Return the exact one-sided p-value of having lost so many cases and gained so few.

    Under equal parsers each case that changed sides went either way like a coin (McNemar 1947,
    Psychometrika 12; exact form: the sign test on the discordant pairs).
    """
    changed = lost + gained
    return 1.0 if changed == 0 else binomial_above(lost - 1, changed, 0.5)


def allowed_lost(cases: int, share: float) -> int:
    """Return how many right cases a slice may lose: a share of it, and always one."""
    return max(1, int(cases * share))


def compare(
    run: GoldenRun, baseline: Baseline, labels: Sequence[str], *, lost_share: float
) -> dict[str, Paired]:
    """Return each slice of `labels` under both parsers; the baseline must be of the same set."""
    was = {name: case.right for name, case in baseline.cases.items()}
    held: dict[str, list[Result]] = {label: [] for label in labels}
    for result in run.results:
        for label in result.labels:
            if label in held:
                held[label].append(result)
    return {label: _paired(label, results, was, lost_share) for label, results in held.items()}


def changed(run: GoldenRun, baseline: Baseline) -> tuple[Changed, ...]:
    """Return every case with another answer than the blessed one, in the set's order."""
    return tuple(
        Changed(result.case_id, before.right, result.right)
        for result in run.results
        if (before := baseline.cases[result.case_id]).answered != result.answered()
        or before.right != result.right
    )


def holm(p_values: Mapping[str, float], *, alpha: float = ALPHA) -> frozenset[str]:
    """Return which hypotheses fall when all are tested together (Holm 1979, Scand. J. Stat. 6)."""
    fallen = set()
    ordered = sorted(p_values.items(), key=lambda item: item[1])
    for place, (name, p_value) in enumerate(ordered):
        if p_value > alpha / (len(ordered) - place):
            break
        fallen.add(name)
    return frozenset(fallen)


def _paired(
    label: str, results: Sequence[Result], was: Mapping[str, bool], lost_share: float
) -> Paired:
    lost = tuple(r.case_id for r in results if was[r.case_id] and not r.right)
    gained = tuple(r.case_id for r in results if r.right and not was[r.case_id])
    return Paired(
        label=label,
        cases=len(results),
        right_before=sum(was[r.case_id] for r in results),
        right_now=sum(r.right for r in results),
        lost=lost,
        gained=gained,
        p_value=mcnemar(len(lost), len(gained)),
        allowed_lost=allowed_lost(len(results), lost_share),
    )
