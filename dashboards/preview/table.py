"""The answers of a table's queries, joined by their labels as Grafana's `merge` does."""

from dashboards.preview.answers import Answered
from dashboards.units import write

_HIDDEN = frozenset({"Time", "__name__"})


def table_rows(answered: Answered) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the column names and the rows as text, in the order of the first query's answer."""
    panel = answered.panel
    several = len(panel.targets) > 1
    values = {
        target.ref: f"Value #{target.ref}" if several else "Value" for target in panel.targets
    }
    found = {label for named in answered.found for label in named.series.labels} - _HIDDEN
    labels = sorted(found, key=lambda label: (panel.column_order.get(label, len(found)), label))
    rows: dict[tuple[str, ...], dict[str, float]] = {}
    for named in answered.found:
        key = tuple(named.series.labels.get(label, "") for label in labels)
        if named.last is not None:
            rows.setdefault(key, {})[named.target.ref] = named.last
    names = {ref: panel.columns.get(column, column) for ref, column in values.items()}
    lines = tuple(
        (
            *key,
            *(
                write(cells[ref], panel.units_by_column.get(names[ref]) or panel.unit)
                if ref in cells
                else ""
                for ref in values
            ),
        )
        for key, cells in rows.items()
    )
    return (*(panel.columns.get(label, label) for label in labels), *names.values()), lines
