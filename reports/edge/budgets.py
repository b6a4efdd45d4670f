"""The budget of each objective at the end of a window, counted as `sre slo budget` does."""

from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace

from kit.edge.prometheus import QueryRefusedError
from kit.pure.answers import Answer, Series
from kit.pure.query import Query
from reports.period.window import Window
from slo.account import Account
from slo.edge.accounts import account
from slo.objective import Objective

Ask = Callable[[Query], Answer]


def budgets(
    ask: Ask,
    objectives: Sequence[Objective],
    window: Window,
    answers: MutableMapping[str, Answer],
    texts: MutableMapping[str, str],
) -> dict[str, Account]:
    """Return each account by the objective's name.

    What was asked for it is added to `texts`, and what came back to `answers`.
    """
    found: dict[str, Account] = {}
    known: dict[Query, Answer] = {}
    for one in objectives:
        asker = _Asker(ask, f"budget.{one.name}", answers, texts, known)
        found[one.name] = account(asker, one, window.end, closing=True)
    return found


@dataclass(slots=True)
class _Asker:
    """Asks as a Prometheus is asked, each question once, and keeps each answer under a name."""

    ask: Ask
    name: str
    kept: MutableMapping[str, Answer]
    texts: MutableMapping[str, str]
    known: MutableMapping[Query, Answer]
    _number: int = field(default=0)

    def instant(self, expression: str, at_s: float) -> tuple[Series, ...]:
        return self.range(expression, at_s, at_s, 60)

    def range(
        self, expression: str, start_s: float, end_s: float, step_s: float
    ) -> tuple[Series, ...]:
        query = Query("budget", expression, round(start_s), round(end_s), round(step_s))
        if query not in self.known:
            self._number += 1
            name = f"{self.name}.{self._number}"
            self.kept[name] = self.known[query] = self.ask(replace(query, name=name))
            self.texts[name] = expression
        found = self.known[query]
        if found.problem is not None:
            raise QueryRefusedError(found.problem)
        return found.series
