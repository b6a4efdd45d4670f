"""Fit the weights of the confidence: by how much each kind of doubt lowers it.

    python -m tests.bench.fit_confidence [--write]

A parser that has learnt its own examples is hardly ever wrong about them, so they say nothing
about what it does not know. Therefore the golden set and the corpus of the parser's tests are also
asked of grammars from which rules and words were taken away at random (those that are rare, since
what is common is never missing): what a wrong answer looks like then is what it looks like where a
phrasing is new. `judged.json` adds what was counted elsewhere, in the same way: for each source the
kinds of doubt, and how often the answer was right and wrong. It holds no sentences. A request that
two people would read in two ways is counted once as right and once as wrong.

A doubt can only lower the confidence, so its weight is never above nought; a Gaussian prior keeps
what is rare near what is expected. The figures that are printed are those of sources that had no
part in the fit: each is left out once. `--write` puts the weights into
service/parsing/doubts/weights.py.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from service.parsing import Decision, parse
from service.parsing.confidence import chance, kinds_of
from service.parsing.doubts.codes import CODES
from service.parsing.engine import Stage
from service.parsing.grammar import languages, pipeline
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.language import Language
from service.parsing.signs import SIGNS
from synthetic.calibration import auroc, calibration_error
from tests.unit.parsing.reading import NOW, Case, cases, time_is_right

_ROOT = Path(__file__).parents[2]
_WEIGHTS = _ROOT / "service/parsing/doubts/weights.py"
_JUDGED = Path(__file__).with_name("judged.json")
_BROKEN = 6  # grammars
_RULES_GONE, _WORDS_GONE = 0.12, 0.08  # of those that are rare
_RARE = 0.02  # of the requests
_SHORTEST = 3  # letters of a word that may be taken away
_PRIOR = 4.0  # the precision of the prior
_EXPECTED = -0.7  # of a doubt before anything is measured
# What is too rare to be measured, and surely bad or surely harmless.
_EXPECTED_OF = {
    "zone_not_understood": -7.4, "offset_unclear": -2.6, "end_before_start": -2.0,
    "skipped_time": -2.0, "text_cut": -1.0, "unknown_holiday": -2.0, "past_time": -0.3,
    "second_time": -3.0, "next_weekday": 0.0, "several_events": 0.0, "from_quoted_text": -0.5,
    "day_month_order": -0.3, "past_midnight": -0.3, "each_day": -2.0, "sign_lone_hour": -1.5,
}  # fmt: skip
_LEAST = -0.3  # by which any doubt lowers the confidence
# What has two meanings has them whatever the labels of a test suite say, which name only one.
_LEAST_OF = {
    "weekday_contradicts_date": -3.9, "end_before_start": -3.9, "second_date": -2.5,
    "correction": -2.5, "day_assumed": -3.5, "day_month_order": -2.0, "writer_unsure": -3.0,
    "past_time": -1.0, "once_or_each": -2.5, "spoken_clock": -2.5, "price_as_time": -3.9,
    "part_contradicts_time": -3.9,
}  # fmt: skip
_MOST = 0.0  # a sign lowers it or says nothing
# Requests with two meanings: each is counted once as right and once as wrong, and judges nothing.
_DOUBTFUL = "doubtful"
_OF_NO_READING = {"language_not_supported"}
_SMALL = 1e-4  # a step after which the weights are as good as found
_BENDS, _LESS = (-0.5, -0.25, 0.0, 0.25, 0.5, 0.75, 1.0), (0.1, 0.25, 0.5, 0.75, 1.0)
_Numbers = NDArray[np.float64]
_Kinds = tuple[str, ...]


class Request(NamedTuple):
    """What is asked, when and where, and how its answer is judged."""

    source: str
    text: str
    now: datetime
    judge: "Case | Mapping[str, object]"

    def is_right(self, decision: Decision) -> bool:
        """Say whether start, end and rule are what was meant."""
        if isinstance(self.judge, Case):
            return time_is_right(self.judge, decision)
        event, wanted = decision.event, self.judge["expected"]
        got = {"start": event.start, "end": event.end, "recurrence": event.recurrence}
        return all(
            wanted[name] == (str(value) if name == "recurrence" else _iso(value))  # type: ignore[index]
            for name, value in got.items()
            if name in self.judge["fields"] and (value is not None or wanted[name])  # type: ignore[operator,index]
        )


class Counted(NamedTuple):
    """How often answers of the same kinds were right and wrong."""

    source: str
    kinds: _Kinds
    right: float
    wrong: float


def _iso(value: object) -> str | None:
    return value.isoformat() if hasattr(value, "isoformat") else None


def corpus(*, held_out: bool) -> Iterator[Request]:
    """Return one half of the corpus."""
    for case in cases():
        if case.held_out is held_out and case.kind not in ("negatives", "impossible", "intents"):
            yield Request("corpus", case.text, NOW, case)


def golden() -> Iterator[Request]:
    """Return the golden set."""
    for path in sorted((_ROOT / "synthetic/golden").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            now = datetime.fromisoformat(case["now"]).replace(tzinfo=ZoneInfo(case["timezone"]))
            if case["expected"].get("start") or case["expected"].get("recurrence"):
                yield Request("golden", case["text"], now, case)


def judged() -> list[Counted]:
    """Return what was counted elsewhere."""
    known = json.loads(_JUDGED.read_text(encoding="utf-8"))
    return [
        Counted(source, tuple(kinds.split()), right, wrong)
        for source, rows in known.items()
        for kinds, right, wrong in rows
    ]


def answered(requests: Sequence[Request], grammars: Iterable[Language]) -> Iterator[Counted]:
    """Ask each grammar for each request; what has no start is no answer."""
    whole = languages.LANGUAGES
    known = {index for index, one in enumerate(requests) if one.is_right(_ask(one))}
    try:
        for english in grammars:
            languages.LANGUAGES = (english, *whole[1:])
            pipeline.forget()
            for index, one in enumerate(requests):
                # What others wrote, and the whole grammar gets wrong, may be a matter of taste.
                if index not in known and (english is not ENGLISH or one.source != "corpus"):
                    continue
                decision = _ask(one)
                if decision.event.start is not None:
                    right = one.is_right(decision)
                    source = one.source
                    yield Counted(source, tuple(sorted(kinds_of(decision))), right, not right)
    finally:
        languages.LANGUAGES = whole
        pipeline.forget()


def _ask(request: Request) -> Decision:
    zone = request.now.tzinfo
    known = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
    return parse(request.text, now=request.now.astimezone(UTC), zone=known)


def broken(requests: Sequence[Request], number: int) -> Iterator[Language]:
    """Return English as it is, and grammars from which rare rules and words were taken away."""
    yield ENGLISH
    rules = Counter(piece.rule for one in requests for piece in _ask(one).evidence)
    words = Counter(word for one in requests for word in set(re.findall(r"[a-z']+", one.text)))
    rare = len(requests) * _RARE
    chance = random.Random(19)  # no secret
    for _ in range(number):
        gone = {name for name in _rule_names() if rules[name] < rare and _is(chance, _RULES_GONE)}
        lost = {
            word
            for word in sorted(ENGLISH.words)
            if len(word) >= _SHORTEST and words[word] < rare and _is(chance, _WORDS_GONE)
        }
        stages = [Stage(s.name, [r for r in s.rules if r.name not in gone]) for s in ENGLISH.stages]
        yield replace(
            ENGLISH,
            stages=tuple(stages),
            words={word: entry for word, entry in ENGLISH.words.items() if word not in lost},
            sure={word: entry for word, entry in ENGLISH.sure.items() if word not in lost},
        )


def _rule_names() -> list[str]:
    return sorted({rule.name for stage in ENGLISH.stages for rule in stage.rules})


def _is(chance: random.Random, share: float) -> bool:
    return chance.random() < share


def summed(rows: Iterable[Counted]) -> list[Counted]:
    """Add up the rows of the same source and kinds."""
    counts: dict[tuple[str, _Kinds], list[float]] = {}
    for row in rows:
        one = counts.setdefault((row.source, row.kinds), [0, 0])
        one[0] += row.right
        one[1] += row.wrong
    return [Counted(source, kinds, *one) for (source, kinds), one in counts.items()]


def fit(rows: Sequence[Counted], names: Sequence[str]) -> _Numbers:
    """Return the bias and a weight for each name, by Newton's steps; none is above nought."""
    x, share = _matrix(rows, names), _shares(rows)
    right = np.array([row.right for row in rows]) * share
    total = right + np.array([row.wrong for row in rows]) * share
    most = np.array([9.0, *(_most(name) for name in names)])
    prior = np.array([1e-6, *[_PRIOR] * len(names)])
    mean = np.array([0.0, *(_expected(name) for name in names)])
    beta: _Numbers = np.minimum(0.0, most)
    for _ in range(60):
        p = 1 / (1 + np.exp(-x @ beta))
        slope = x.T @ (right - total * p) - prior * (beta - mean)
        curve = (x * (total * p * (1 - p))[:, None]).T @ x + np.diag(prior)
        free = ~((beta >= most) & (slope > 0))
        step = np.zeros_like(beta)
        step[free] = np.linalg.solve(curve[np.ix_(free, free)], slope[free])
        before, beta = beta, np.minimum(beta + step, most)
        if np.abs(beta - before).max() < _SMALL:
            break
    return beta


def bend_of(rows: Sequence[Counted], names: Sequence[str]) -> tuple[float, float]:
    """Return from which sum on doubts count less, and how much, by the least log loss.

    Each source is judged by the weights that the others give, and counts as much as another.
    """
    scored = [(_matrix(held, names) @ fit(rest, names), held) for _, held, rest in _left_out(rows)]
    losses = {
        bend: float(np.mean([_log_loss(score, held, bend) for score, held in scored]))
        for bend in product(_BENDS, _LESS)
    }
    return min(losses, key=lambda bend: losses[bend])


def _left_out(
    rows: Sequence[Counted],
) -> Iterator[tuple[str, list[Counted], list[Counted]]]:
    """Return each source, its rows and those of all others."""
    for source in sorted({row.source for row in rows} - {_DOUBTFUL}):
        held = [row for row in rows if row.source == source]
        yield source, held, [row for row in rows if row.source != source]


def _log_loss(score: _Numbers, rows: Sequence[Counted], bend: tuple[float, float]) -> float:
    sure = np.array([chance(one, bend) for one in score])
    right = np.array([row.right for row in rows])
    wrong = np.array([row.wrong for row in rows])
    loss = right * np.log(sure) + wrong * np.log(1 - sure)
    return float(-loss.sum() / (right.sum() + wrong.sum()))


def _most(name: str) -> float:
    return _MOST if name in SIGNS else _LEAST_OF.get(name, _LEAST)


def _expected(name: str) -> float:
    return 0.0 if name.startswith("sign_") else _EXPECTED_OF.get(name, _EXPECTED)


def _shares(rows: Sequence[Counted]) -> _Numbers:
    """Return what an answer of each row's source counts: a large source must not drown others."""
    size: Counter[str] = Counter()
    for row in rows:
        size[row.source] += row.right + row.wrong  # type: ignore[assignment]
    mean = sum(size.values()) / len(size)
    return np.array([0.4 * (mean / size[row.source]) ** 0.5 for row in rows])


def _matrix(rows: Sequence[Counted], names: Sequence[str]) -> _Numbers:
    place = {name: at for at, name in enumerate(names, 1)}
    x = np.zeros((len(rows), len(names) + 1))
    x[:, 0] = 1
    for at, row in enumerate(rows):
        for kind, count in Counter(row.kinds).items():
            if kind in place:
                x[at, place[kind]] = min(count, 2)
    return x


def pairs(
    rows: Sequence[Counted], names: Sequence[str], beta: _Numbers, bend: tuple[float, float]
) -> list[tuple[float, bool]]:
    """Return the confidence of each answer, and whether it was right."""
    sure = [chance(float(score), bend) for score in _matrix(rows, names) @ beta]
    return [
        (p, good)
        for p, row in zip(sure, rows, strict=True)
        for good, count in ((True, row.right), (False, row.wrong))
        for _ in range(int(count))
    ]


def _say(title: str, known: Sequence[tuple[float, bool]]) -> tuple[float, float]:
    """Print both figures; without a wrong answer there is no area, which is then no number."""
    area, error = auroc(known), calibration_error(known) or 0.0
    right = sum(good for _, good in known) / len(known)
    said = "none" if area is None else f"{area:.3f}"
    print(f"{title:32} n {len(known):6}  right {right:.3f}  AUROC {said}  ECE {error:.4f}")
    return np.nan if area is None else area, error


def main() -> None:
    """Fit, print, and write the weights if that is asked."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--write", action="store_true")
    chosen = options.parse_args()
    own = [*corpus(held_out=False), *golden()]
    rows = summed([*answered(own, broken(own, _BROKEN)), *judged()])
    names = sorted({*CODES, *SIGNS} - _OF_NO_READING)
    print("each source by the weights that the others give")
    bend = bend_of(rows, names)
    figures, tries = [], []
    for source, held, rest in _left_out(rows):
        known = pairs(held, names, fit(rest, names), bend)
        figures.append(_say(f"  {source}", known))
        tries += known if source.endswith(" tries") else []
    area, error = np.nanmean(figures, axis=0)
    print(f"  {'mean':49} AUROC {area:.3f}  ECE {error:.4f}")
    _say("all first tries together", tries)
    beta = fit(rows, names)
    apart = list(corpus(held_out=True))
    held = summed(
        Counted("held out", tuple(sorted(kinds_of(d))), one.is_right(d), not one.is_right(d))
        for one in apart
        for d in (_ask(one),)
        if d.event.start is not None
    )
    _say("held-out half of the corpus", pairs(held, names, beta, bend))
    print(f"  below {bend[0]} doubts count {bend[1]}")
    table = {"bias": round(float(beta[0]), 2)}
    table |= {name: round(float(b), 2) for name, b in zip(names, beta[1:], strict=True)}
    for name, weight in sorted(table.items(), key=lambda entry: entry[1]):
        seen = [row for row in rows if name in row.kinds]
        right, wrong = sum(row.right for row in seen), sum(row.wrong for row in seen)
        share = f"{right:7.0f} of {right + wrong:7.0f} right" if seen else ""
        print(f"  {name:28} {weight:6.2f}  {share}")
    if chosen.write:
        _write(table, bend)


def _write(table: dict[str, float], bend: tuple[float, float]) -> None:
    head = _WEIGHTS.read_text(encoding="utf-8").partition("BEND = ")[0]
    head += f"BEND = {bend}  # below this sum, what is added counts so much\n"
    lines = "".join(f'    "{name}": {weight},\n' for name, weight in sorted(table.items()))
    _WEIGHTS.write_text(f"{head}WEIGHTS = {{\n{lines}}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
