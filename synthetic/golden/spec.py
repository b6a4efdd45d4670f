"""What a golden set asks, and how its answers are compared: data of the project."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from synthetic.steps.step import Step

COMPARATORS: Final = (
    "exact", "set", "within", "regex", "ignored", "truth", "words", "names", "moment", "recurrence",
)  # fmt: skip
"""The ways to compare a field, each explained in docs/golden.md; `module:function` is code."""


@dataclass(frozen=True, slots=True)
class FieldRule:
    """How one field of an answer is compared with what a case expects of it.

    `within` is the distance that a number may have. A mistake in an `optional` field is missing,
    invented or wrong. `mistake` is what else to call one; `invented` what to call an answer where
    nothing is expected, which then is the only mistake of its case.
    """

    name: str
    compare: str = "exact"
    within: float = 0.0
    optional: bool = False
    mistake: str | None = None
    invented: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """A golden set's request, the place of the answer, its fields and its slices.

    `answer`, `confidence` and `source` are JSONPaths. `explain` is the request that asks what was
    found in a text, and `parts` where its answer says so; `stages` come of it. `target` is the
    share that must be right where no objective says so.
    """

    request: Step
    fields: tuple[FieldRule, ...]
    answer: str = "$"
    confidence: str | None = None
    source: str | None = None
    slices: tuple[str, ...] = ()
    explain: Step | None = None
    parts: str | None = None
    target: float | None = None
    feedback: str | None = None
    """The route that lists what users said of answers, and `review` what reviewers did."""
    review: str | None = None
    clocked: bool = False
    """Whether each case is said at a moment of its own: `now` and `timezone`."""
    code: Mapping[str, Callable[[object, object], bool]] = field(default_factory=dict)
    """The comparators that are code of the project, by their name: there only with consent."""

    @property
    def own(self) -> tuple[str, ...]:
        """Return the comparators that are code of the project."""
        return tuple(one.compare for one in self.fields if ":" in one.compare)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the fields, in the order in which differences are reported."""
        return tuple(one.name for one in self.fields)

    def rule(self, name: str) -> FieldRule:
        """Return the rule of a field; one that nobody wrote down is compared as it is."""
        return next((one for one in self.fields if one.name == name), FieldRule(name))
