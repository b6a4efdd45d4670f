"""A rate looks back as far as the step needs, not a fixed time."""

import re
from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import prometheus_targets

_RANGE = re.compile(r"\b(rate|irate|deriv)\s*\([^\[\]]*\[([^\]:]*)(:[^\]]*)?\]", re.DOTALL)
_GOOD = frozenset({"$__rate_interval", "${__rate_interval}", "[[__rate_interval]]"})


def check(dashboard: Dashboard, _: Context) -> Iterator[Finding]:
    """Want rate, irate and deriv of a range query over $__rate_interval.

    An instant query has no step: `rate(x[$__range])` is then the mean of the range and passes.
    """
    for panel, target in prometheus_targets(dashboard):
        accepted = _GOOD | {"$__range"} if target.instant else _GOOD
        for match in _RANGE.finditer(target.expr):
            window = match[2].strip()
            if match[3] is None and window not in accepted:
                yield Finding(
                    f"{match[1]} over [{window}] misses samples when the step grows",
                    f"write {match[1]}(…[$__rate_interval])",
                    panel.title,
                    target.ref,
                )
