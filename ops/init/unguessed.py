"""What could not be guessed of a service, so that nobody takes a gap for a decision."""

import re
from collections.abc import Iterator
from typing import Final

from ops.init.guessing import Seen, edge_of, labels_of, used_routes
from ops.init.openapi import Route
from ops.init.toml_text import text_field

_MOST_NAMED: Final = 4
_TIMES: Final = re.compile(r"\w*(seconds|duration|latency|_ms|milliseconds)\w*")


def unguessed(seen: Seen) -> Iterator[str]:
    """Yield a sentence for each part of a project that is not there, with what would bring it."""
    found = seen.exporter
    if labels_of(found.requests).status is None:
        yield (
            f"left out: an objective on failures, since no label of {found.requests.name} "
            "tells them: name one as status under [metrics.requests]"
        )
    if edge_of(seen) is None:
        yield "left out: an objective on latency, since no histogram times requests"
    yield from _other_histograms(seen)
    if seen.api is not None:
        yield from _routes(seen, seen.api.routes)


def _other_histograms(seen: Seen) -> Iterator[str]:
    latency = seen.exporter.latency
    others = [
        name
        for name, each in seen.families.items()
        if each.kind == "histogram" and _TIMES.fullmatch(name) and each is not latency
    ]
    if latency is not None and others:
        yield (
            f"of several histograms {latency.name} is taken for the latency of requests, "
            f"and not {_some(others)}: correct [metrics.latency] where that is wrong"
        )


def _routes(seen: Seen, routes: tuple[Route, ...]) -> Iterator[str]:
    with_values = [
        f"{one.method} {one.template}"
        for one in routes
        if one.path.partition("?")[0] != one.template  # a query has an example of its own
    ]
    if with_values:
        yield (
            f"left out of load and journeys: {_some(with_values)}, since nothing says which values "
            "exist: save one from an answer (docs/load.md)"
        )
    writes = [f"{one.method} {one.template}" for one in used_routes(seen) if one.method != "GET"]
    if writes:
        yield (
            f"left out of load and journeys: {_some(writes)}, since what they make would stay: "
            "sre.toml has a journey with its clean-up to uncomment where one follows"
        )
    if not any(text_field(one) for one in used_routes(seen)):
        yield "left out: a golden set, since no documented route takes a text and answers JSON"


def _some(names: list[str]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
