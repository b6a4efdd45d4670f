"""Ask a server about the metrics that rules read: once for each, a few at a time."""

import re
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import yaml

from alerts.checks.live import Live
from alerts.checks.subject import Subject
from alerts.checks.tree import shape
from kit.edge.prometheus import Prometheus, QueryRefusedError, connect
from kit.pure.durations import parse_prometheus
from kit.pure.errors import HarnessError, UnreachableError

_AT_ONCE: Final = 4
_MOST_METRICS: Final = 2_000
_MOST_SERIES: Final = 5_000
_LOOK_BACK_S: Final = 6 * 3600
_BATCH: Final = 25
_MOST_MORE: Final = 20
"""So many queries more may go into finding which alert of a batch the server refuses."""
_RULE: Final = "sre_rule"
_KEPT: Final = re.compile(r"(\d+(?:ms|[smhdwy])+)")
_SILENT: Final = "the server did not say of every alert whether it holds now"
Place = tuple[str, int]


def ask(url: str, rules: Sequence[Subject]) -> Live:
    """Return what the server at `url` has of the metrics of rules, and which alerts hold now.

    Each metric is asked for once, at most 2,000 of them and 5,000 series each; what is beyond is
    left unjudged. Raises UnreachableError when the server does not answer, or is no Prometheus.
    """
    with connect(url, timeout_s=10.0) as server:
        names = frozenset(map(str, server.get("/api/v1/label/__name__/values")))
        recorded = {each.name for each in rules if not each.is_alert}
        read = {node.name for each in rules for node in each.vectors()} - recorded
        asked = sorted(read & names)[:_MOST_METRICS]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            found = dict(zip(asked, pool.map(lambda one: _series(server, one), asked), strict=True))
        told = _told(server)
        firing, refused, silent = _firing(server, rules)
        unknown = [name for name in asked if found[name] is None] + sorted(read & names)[
            len(asked) :
        ]
        notes = [f"not judged by their series, of which there are too many: {', '.join(unknown)}"]
        return Live(
            names,
            _types(server),
            {name: series for name, series in found.items() if series is not None},
            told.get("scrape"),
            told.get("retention"),
            told.get("labels"),
            firing,
            refused,
            (*(notes if unknown else ()), *((_SILENT,) if silent else ())),
        )


def _optional(server: Prometheus, path: str, **parameters: str) -> Any:
    """Return what only some servers tell; None where this one does not."""
    try:
        return server.get(path, **parameters)
    except HarnessError:
        return None


def _series(server: Prometheus, metric: str) -> tuple[Mapping[str, str], ...] | None:
    quoted = metric.replace("\\", "\\\\").replace('"', '\\"')
    asked = {
        "match[]": f'{{__name__="{quoted}"}}',
        "start": f"{time.time() - _LOOK_BACK_S:.0f}",
        "limit": str(_MOST_SERIES),
    }
    found = _optional(server, "/api/v1/series", **asked)
    if not isinstance(found, list) or len(found) >= _MOST_SERIES:
        return None
    return tuple(
        {str(name): str(value) for name, value in each.items() if name != "__name__"}
        for each in found
        if isinstance(each, dict)
    )


def _types(server: Prometheus) -> dict[str, str]:
    found = _optional(server, "/api/v1/metadata")
    if not isinstance(found, dict):
        return {}
    types = {
        str(name): {str(each.get("type")) for each in told if isinstance(each, dict)}
        for name, told in found.items()
        if isinstance(told, list)
    }
    return {name: next(iter(kinds)) for name, kinds in types.items() if len(kinds) == 1}


def _told(server: Prometheus) -> dict[str, Any]:
    """Return how often is scraped, how long is kept, and the external labels, where told."""
    found: dict[str, Any] = {}
    config = _optional(server, "/api/v1/status/config")
    if isinstance(config, dict) and isinstance(config.get("yaml"), str):
        parsed = yaml.safe_load(config["yaml"])
        told = parsed.get("global") if isinstance(parsed, dict) else None
        if isinstance(told, dict):
            found["scrape"] = _seconds(told.get("scrape_interval"))
            found["labels"] = frozenset(map(str, told.get("external_labels") or {}))
    runtime = _optional(server, "/api/v1/status/runtimeinfo")
    if isinstance(runtime, dict):
        kept = _KEPT.match(str(runtime.get("storageRetention", "")))
        found["retention"] = _seconds(kept[1]) if kept else None
    return found


def _seconds(text: object) -> float | None:
    try:
        return parse_prometheus(str(text)) or None
    except ValueError:
        return None


def _firing(
    server: Prometheus, rules: Sequence[Subject]
) -> tuple[dict[Place, int], dict[Place, str], bool]:
    """Return how many series each alert has now, why others have none, and whether some are open.

    Many are asked about in one query.
    """
    alerts = [
        each
        for each in rules
        if each.is_alert and each.tree is not None and shape(each.tree) == "vector"
    ]
    waiting = [alerts[start : start + _BATCH] for start in range(0, len(alerts), _BATCH)]
    most = len(waiting) + _MOST_MORE
    firing: dict[Place, int] = {}
    refused: dict[Place, str] = {}
    while waiting and most > 0:
        batch, most = waiting.pop(), most - 1
        try:
            firing.update(_counts(server, batch))
        except QueryRefusedError as err:
            if len(batch) == 1:
                refused[batch[0].file, batch[0].line] = str(err)
            else:
                middle = len(batch) // 2
                waiting += [batch[middle:], batch[:middle]]
        except UnreachableError:
            waiting.append(batch)
            break
    return firing, refused, bool(waiting)


def _counts(server: Prometheus, batch: Sequence[Subject]) -> Iterator[tuple[Place, int]]:
    asked = " or ".join(
        f'label_replace(count(\n{each.expr}\n), "{_RULE}", "{number}", "", "")'
        for number, each in enumerate(batch)
    )
    found = server.instant(asked, time.time())
    return iter(
        [
            ((batch[int(each.labels[_RULE])].file, batch[int(each.labels[_RULE])].line),
             int(each.values[-1]))
            for each in found
        ]
    )  # fmt: skip
