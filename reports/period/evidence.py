"""Everything that a report is computed from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count, takewhile

from kit.pure.answers import NOTHING, Answer, Floats, on_grid, summed
from kit.pure.json_values import JsonMapping
from reports.period.labels import relabelled
from reports.period.plan import fine_step_s, names
from reports.period.questions import PART
from reports.period.resolution import USUAL_SCRAPE_S, in_order
from reports.period.slots import Slots, slots_of
from reports.period.window import Window
from slo.account import Account
from slo.objective import Objective
from slo.project.project import Project

Json = JsonMapping  # records of any kind and release; each figure reads what it needs


@dataclass(frozen=True, slots=True)
class Record:
    """One run of ours: `at` is when it began, `verdict` its own word or None."""

    kind: str
    id: str
    at: datetime
    verdict: str | None
    data: Json = field(repr=False, compare=False)


def read_record(kind: str, data: Json) -> Record | None:
    """Return a record, None for one without an id and a time with its zone."""
    moment = data.get("started_at") or data.get("at") or data.get("created_at")
    try:
        when = datetime.fromisoformat(str(moment))
    except ValueError:
        return None
    if when.tzinfo is None or not data.get("id"):
        return None
    verdict = data.get("verdict")
    return Record(kind, str(data["id"]), when, None if verdict is None else str(verdict), data)


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """What was asked and answered about a window, and the records kept up to its end.

    `project` says what the service calls things, and `accounts` are the budgets of the objectives
    at the end of the window, by name. `answers` is empty where no Prometheus is configured;
    `trouble` then says why it does not answer, if it should. `rules` are all alert rules with the
    seconds for which each goes on firing by itself, None when they are not known.
    `unread` says which records were there and could not be read. `scrape_s` are the seconds between
    two scrapes, and `asked` the text of each query by its name.
    """

    window: Window
    objectives: Sequence[Objective]
    answers: Mapping[str, Answer]
    project: Project
    accounts: Mapping[str, Account] = field(default_factory=dict)
    records: Sequence[Record] = ()
    rules: Mapping[str, float] | None = None
    trouble: str | None = None
    source: str = ""
    unread: Sequence[str] = ()
    scrape_s: int = USUAL_SCRAPE_S
    asked: Mapping[str, str] = field(default_factory=dict)
    _names: Mapping[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        asked = names(self.window, self.objectives, self.project, self.scrape_s)
        object.__setattr__(self, "_names", asked)

    @property
    def is_measured(self) -> bool:
        """Tell whether Prometheus answered at all."""
        return bool(self.answers)

    @property
    def requests(self) -> float | None:
        """Return how many requests the window had, also while nothing was scraped."""
        return self.answer("whole.this:requests").value

    def answer(self, name: str) -> Answer:
        """Return the answer to a question of the plan, by its name or as `name:part`.

        What the plan does not ask, as no metric plays its role, has no series and no problem.
        """
        whole, _, part = name.partition(":")
        if whole not in self._names:
            return Answer()
        found = in_order(self._asked(whole))
        found = relabelled(whole.partition(".")[0], found, self.project)
        if not part:
            return found
        return Answer(tuple(s for s in found.series if s.label(PART) == part), found.problem)

    def _asked(self, name: str) -> Answer:
        """Return the answer of a name, with those of a question that was asked in several parts."""
        names = [name, *takewhile(self._names.__contains__, (f"{name}~{n}" for n in count(1)))]
        found = [self.answers.get(self._names[one], NOTHING) for one in names]
        problem = next((one.problem for one in found if one.problem is not None), None)
        return Answer(tuple(series for one in found for series in one.series), problem)

    def slots(self) -> Slots:
        """Return the hours of the window."""
        return slots_of(self.window, self.window.step_s())

    def slots_before(self) -> Slots:
        """Return the hours of the window before, such that this window's follow in step."""
        first_s = self.window.first_slot_before_s()
        return slots_of(self.window.before(), self.window.step_s(), first_s)

    def fine_slots(self, wanted_s: int) -> Slots:
        """Return the window in slots of `wanted_s`, or shorter ones where its own are."""
        return slots_of(self.window, fine_step_s(self.window, wanted_s))

    def columns(self, name: str, slots: Slots, label: str) -> dict[str, Floats]:
        """Return per `label` the values of an answer in each slot, summed, NaN where unknown."""
        grouped: dict[str, list[Floats]] = {}
        for one in self.answer(name).series:
            grouped.setdefault(one.label(label), []).append(on_grid(one, slots.ends))
        return {k: summed(rows, len(slots)) for k, rows in sorted(grouped.items())}

    def total(self, name: str, slots: Slots) -> Floats:
        """Return the values of an answer in each slot, all series summed, NaN where unknown."""
        return summed([on_grid(one, slots.ends) for one in self.answer(name).series], len(slots))

    def of_kind(self, kind: str) -> list[Record]:
        """Return the records of a kind that began before the window's end, oldest first."""
        found = [r for r in self.records if r.kind == kind and r.at < self.window.end]
        return sorted(found, key=lambda r: (r.at, r.id))

    def in_window(self, kind: str) -> list[Record]:
        """Return the records of a kind that began within the window, oldest first."""
        return [r for r in self.of_kind(kind) if r.at >= self.window.start]
