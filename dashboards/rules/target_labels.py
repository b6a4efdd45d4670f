"""Variables and queries follow the choice of a job and an instance: four rules on target labels."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import is_recorded, prometheus_targets, series_of

_GLOBAL = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


def target_variable(dashboard: Dashboard, _: Context, name: str) -> Iterator[Finding]:
    """Yield what is wrong with the variable that chooses a target label."""
    if next(prometheus_targets(dashboard), None) is None:
        return
    found = next((item for item in dashboard.variables if item.name == name), None)
    if found is None:
        yield Finding(
            f"has no variable {name!r}", f"add a query variable on label_values(up, {name})"
        )
        return
    label = name.capitalize()
    source = found.source
    for right, wrong, fix in (
        (found.kind == "query", f"is of type {found.kind!r}", "make it a query variable"),
        (found.label == label, f"is labelled {found.label!r}", f"label it {label!r}"),
        (found.multi, "takes only one value", "allow several values"),
        (found.all_value == ".+", f"has the all value {found.all_value!r}", "make it `.+`"),
        (
            source is not None and source.templated,
            "asks a fixed data source",
            "use the variable `$datasource`",
        ),
    ):
        if not right:
            yield Finding(f"variable {name!r} {wrong}", fix)


def target_matcher(dashboard: Dashboard, _: Context, label: str) -> Iterator[Finding]:
    """Yield each query that does not follow the choice of a target label.

    Recording rules and ALERTS are exempt: they have no such label, or not their target's.
    """
    want = f'{label}=~"${label}"'
    accepted = {f"${label}", f"${{{label}}}", f"${{{label}:regex}}", f"[[{label}]]"}
    if label not in {variable.name for variable in dashboard.variables}:
        return
    unfilled = {variable.name: _MARK + variable.name for variable in dashboard.variables}
    for panel, target in prometheus_targets(dashboard):
        marked = target.expr
        for form in accepted:
            marked = marked.replace(f'"{form}"', f'"{unfilled[label]}"')
        for selector in series_of(dashboard, marked):
            if is_recorded(selector.metric) or selector.metric in _GLOBAL:
                continue
            if (label, "=~", unfilled[label]) not in selector.matchers:
                yield Finding(
                    f"{selector.metric or 'a selector'} does not match {want}",
                    f"add {want}",
                    panel.title,
                    target.ref,
                )


_MARK = "chosen_"
