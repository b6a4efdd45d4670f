"""The tables of a language, applied to a text one after the other."""

from service.parsing.engine import Item, Stage, code_string
from service.parsing.prefixes import LOOKED_AT

_LONGEST_KEPT = 24  # classes; what is longer seldom comes again
_MOST_KEPT = 20_000  # far more than ordinary requests need; no text can fill the memory


class _Plan:
    """Which stages could begin a rule, by three classes in a row: one bit for each stage."""

    def __init__(self, stages: tuple[Stage, ...]) -> None:
        self._stages = stages
        self._known: dict[str, int] = {}
        self._whole: dict[str, int] = {}

    def of(self, codes: str) -> int:
        """Return the bits of the stages that could begin a rule anywhere in `codes`."""
        if (whole := self._whole.get(codes)) is not None:
            return whole
        bits = self._of_each_place(codes)
        if len(codes) <= _LONGEST_KEPT:
            if len(self._whole) >= _MOST_KEPT:
                self._whole.clear()
            self._whole[codes] = bits
        return bits

    def _of_each_place(self, codes: str) -> int:
        known, bits = self._known.get, 0
        for at in range(len(codes)):
            ahead = codes[at : at + LOOKED_AT]
            possible = known(ahead)
            bits |= self._learn(ahead) if possible is None else possible
        return bits

    def _learn(self, ahead: str) -> int:
        if len(self._known) >= _MOST_KEPT:
            self._known.clear()
        bits = sum(1 << n for n, stage in enumerate(self._stages) if stage.may_begin(ahead))
        self._known[ahead] = bits
        return bits


_plans: dict[int, tuple[tuple[Stage, ...], _Plan]] = {}  # one for each language


def _plan(stages: tuple[Stage, ...]) -> _Plan:
    """Return the plan of a language's tables; finding it by identity costs less than by value."""
    kept, plan = _plans.get(id(stages), ((), None))
    if kept is not stages or plan is None:
        plan = _Plan(stages)
        _plans[id(stages)] = (stages, plan)
    return plan


def forget() -> None:
    """Forget the plans that were made: those of tables that are no longer used keep them alive."""
    _plans.clear()


def read(items: list[Item], stages: tuple[Stage, ...]) -> list[Item]:
    """Return the items with every time expression found in them made one item.

    A stage is passed over where no three classes in a row could begin one of its rules.
    """
    plan = _plan(stages)
    codes = code_string(items)
    bits = plan.of(codes)
    while bits:
        stage = bits & -bits
        items, found = stages[stage.bit_length() - 1].run(items, codes)
        if found is not codes:
            codes = found
            bits = plan.of(codes)
        bits &= -(stage << 1)  # the stages that are still to come
    return items
