"""Fit the weights of the confidence: by how much each kind of doubt lowers it.

    python -m tests.bench.fit_confidence [--rows FILE] [--write]

The data are the golden set and the corpus of the parser's tests, of which the half that is held out
is only measured on, and, with --rows, requests that were judged elsewhere: JSON lines of `text`,
`now` (the wall clock in UTC), `right` and, if wanted, `weight`; `kinds` keeps what was doubtful
when it was judged, for a request by which the grammar was mended later. A doubt can only lower the
confidence, so its weight is never above nought; a Gaussian prior keeps what is rare near nought.
The figures of the fit are those of cross-validation over five parts. `--write` puts the weights
into service/parsing/doubts/weights.py.
"""

import argparse
import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from service.parsing import parse
from service.parsing.confidence import kinds_of
from service.parsing.doubts.codes import CODES
from synthetic.calibration import auroc, calibration_error
from tests.unit.parsing.reading import cases, read, time_is_right

_ROOT = Path(__file__).parents[2]
_WEIGHTS = _ROOT / "service/parsing/doubts/weights.py"
_PRIOR = 2.0  # the precision of the prior
_EXPECTED = -0.7  # of a doubt before anything is measured
# What is too rare to be measured, and surely bad or surely harmless.
_EXPECTED_OF = {
    "zone_not_understood": -3.6, "offset_unclear": -1.8, "end_before_start": -2.0,
    "skipped_time": -2.0, "text_cut": -1.0, "unknown_holiday": -2.0, "past_time": -0.3,
    "next_weekday": 0.0, "several_events": 0.0, "from_quoted_text": -0.5, "day_month_order": -0.3,
    "past_midnight": -0.3,
}  # fmt: skip
_OURS = 0.35  # what one of our own phrasings counts beside one that others wrote
_PARTS = 5
_OF_NO_READING = {"language_not_supported"}
_Numbers = NDArray[np.float64]


class Row(NamedTuple):
    """A request: what was doubtful about it, whether it was right, and how much it counts."""

    text: str
    kinds: tuple[str, ...]
    right: bool
    weight: float


def corpus(*, held_out: bool) -> Iterator[Row]:
    """Return one half of the corpus, judged."""
    for case in cases():
        if case.held_out is held_out and case.kind not in ("negatives", "impossible", "intents"):
            decision = read(case.text)
            if decision.event.start is not None:
                yield Row(case.text, kinds_of(decision), time_is_right(case, decision), _OURS)


def golden() -> Iterator[Row]:
    """Return the golden set, judged by the start, end and rule that its cases state."""
    for path in sorted((_ROOT / "synthetic/golden").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            zone = ZoneInfo(case["timezone"])
            now = datetime.fromisoformat(case["now"]).replace(tzinfo=zone)
            decision = parse(case["text"], now=now, zone=zone)
            if decision.event.start is None:
                continue
            event = decision.event
            got = {"start": event.start, "end": event.end, "recurrence": event.recurrence}
            right = all(
                case["expected"][name] == (str(value) if name == "recurrence" else _iso(value))
                for name, value in got.items()
                if name in case["fields"] and (value is not None or case["expected"][name])
            )
            yield Row(case["text"], kinds_of(decision), right, _OURS)


def _iso(value: object) -> str | None:
    return value.isoformat() if hasattr(value, "isoformat") else None


def judged(path: Path) -> Iterator[Row]:
    """Return requests that were judged elsewhere."""
    utc = ZoneInfo("UTC")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "kinds" in row:
            yield Row(row["text"], tuple(row["kinds"]), row["right"], row.get("weight", 1.0))
            continue
        now = datetime.fromisoformat(row["now"]).replace(tzinfo=utc)
        decision = parse(row["text"], now=now, zone=utc)
        if decision.event.start is not None:
            yield Row(row["text"], kinds_of(decision), row["right"], row.get("weight", 1.0))


def fit(rows: Sequence[Row], names: Sequence[str]) -> _Numbers:
    """Return the bias and a weight for each name, by Newton's steps; doubts stay below nought."""
    x, y, w = _matrix(rows, names), np.array([row.right for row in rows], float), _weights(rows)
    bound = np.array([False, *(not name.startswith("sign_") for name in names)])
    prior = np.array([1e-6, *[_PRIOR] * len(names)])
    mean = np.array([0.0, *(_expected(name) for name in names)])
    beta = np.zeros(len(names) + 1)
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ beta))
        slope = x.T @ (w * (y - p)) - prior * (beta - mean)
        curve = (x * (w * p * (1 - p))[:, None]).T @ x + np.diag(prior)
        free = ~(bound & (beta >= 0) & (slope > 0))
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        beta = np.where(bound, np.minimum(beta + step, 0.0), beta + step)
    return beta


def _expected(name: str) -> float:
    return 0.0 if name.startswith("sign_") else _EXPECTED_OF.get(name, _EXPECTED)


def _matrix(rows: Sequence[Row], names: Sequence[str]) -> _Numbers:
    x = np.zeros((len(rows), len(names) + 1))
    x[:, 0] = 1
    for place, row in enumerate(rows):
        counts = Counter(row.kinds)
        x[place, 1:] = [min(counts[name], 2) for name in names]
    return x


def _weights(rows: Sequence[Row]) -> _Numbers:
    return np.array([row.weight for row in rows])


def predicted(rows: Sequence[Row], names: Sequence[str], beta: _Numbers) -> list[float]:
    """Return the confidence of each row."""
    return list(1 / (1 + np.exp(-_matrix(rows, names) @ beta)))


def cross_validated(rows: Sequence[Row], names: Sequence[str]) -> list[float]:
    """Return each row's confidence by weights that were fitted without its part."""
    part = [hashlib.sha256(row.text.encode()).digest()[1] % _PARTS for row in rows]
    found = [0.0] * len(rows)
    for number in range(_PARTS):
        beta = fit([row for row, own in zip(rows, part, strict=True) if own != number], names)
        inside = [place for place, own in enumerate(part) if own == number]
        for place, p in zip(inside, predicted([rows[i] for i in inside], names, beta), strict=True):
            found[place] = p
    return found


def _say(title: str, rows: Sequence[Row], confidence: Sequence[float]) -> None:
    pairs = [(p, row.right) for p, row in zip(confidence, rows, strict=True)]
    area = auroc(pairs)
    shown = "none wrong" if area is None else f"AUROC {area:.3f}"
    right = sum(row.right for row in rows) / len(rows)
    error = calibration_error(pairs) or 0.0
    print(f"{title:32} n {len(rows):5}  right {right:.3f}  {shown}  ECE {error:.4f}")


def main() -> None:
    """Fit, print, and write the weights if that is asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=Path)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    own, others = [*corpus(held_out=False), *golden()], []
    if chosen.rows:
        others = list(judged(chosen.rows))
    rows = [*own, *others]
    names = sorted({kind for row in rows for kind in row.kinds} | set(CODES) - _OF_NO_READING)
    crossed = cross_validated(rows, names)
    _say("corpus and golden set, crossed", own, crossed[: len(own)])
    if others:
        _say("judged elsewhere, crossed", others, crossed[len(own) :])
    beta = fit(rows, names)
    held = list(corpus(held_out=True))
    _say("held-out half of the corpus", held, predicted(held, names, beta))
    table = {"bias": round(float(beta[0]), 2)}
    table |= {
        name: round(float(b), 2)
        for name, b in zip(names, beta[1:], strict=True)
        if b or name in CODES
    }
    for name, weight in sorted(table.items(), key=lambda entry: entry[1]):
        seen = [row.right for row in rows if name in row.kinds]
        share = f"{sum(seen):5} of {len(seen):5} right" if seen else ""
        print(f"  {name:28} {weight:6.2f}  {share}")
    if chosen.write:
        _write(table)


def _write(table: dict[str, float]) -> None:
    head = _WEIGHTS.read_text(encoding="utf-8").partition("WEIGHTS = {")[0]
    lines = "".join(f'    "{name}": {weight},\n' for name, weight in sorted(table.items()))
    _WEIGHTS.write_text(f"{head}WEIGHTS = {{\n{lines}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
