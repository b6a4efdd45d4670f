"""Ask the same question once: dashboards share many of theirs."""

from dashboards.source import Answer, QueryError, Source, Span


class CachedSource:
    """A source that remembers every answer of another, refusals included, while it lives."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._answers: dict[tuple[str, Span | float], Answer | QueryError] = {}
        self._values: dict[tuple[str, str, Span], tuple[str, ...]] = {}

    def instant(self, expr: str, at: float) -> Answer:
        """Return the value of an expression at a time."""
        return self._remember(expr, at)

    def over(self, expr: str, span: Span) -> Answer:
        """Return the values of an expression over a time range."""
        return self._remember(expr, span)

    def label_values(self, label: str, selector: str, span: Span) -> tuple[str, ...]:
        """Return the values of a label on the series of a selector."""
        key = (label, selector, span)
        if key not in self._values:
            self._values[key] = self._source.label_values(label, selector, span)
        return self._values[key]

    def _remember(self, expr: str, when: Span | float) -> Answer:
        found = self._answers.get((expr, when))
        if found is None:
            found = self._ask(expr, when)
            self._answers[expr, when] = found
        if isinstance(found, QueryError):
            raise found
        return found

    def _ask(self, expr: str, when: Span | float) -> Answer | QueryError:
        try:
            if isinstance(when, Span):
                return self._source.over(expr, when)
            return self._source.instant(expr, when)
        except QueryError as err:
            return err
