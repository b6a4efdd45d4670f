"""Gather a service's own `/metrics`, where no Prometheus does it."""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final

import httpx2 as httpx
from prometheus_client.parser import text_string_to_metric_families

from kit.edge.tls import authorities
from reports.gathered.samples import NAME, Labels, Page, Samples, table_of

_TIMEOUT_S: Final = 2.0
_OK: Final = 200


@dataclass(frozen=True, slots=True)
class Target:
    """What is scraped: its samples get these two labels, as a Prometheus would give them."""

    job: str
    instance: str


@dataclass(slots=True)
class Gathered:
    """The pages scraped so far, as they came: (moment, target, text), None for no answer."""

    _pages: list[tuple[int, Target, str | None]] = field(default_factory=list)

    def add(self, at_s: int, target: Target, text: str | None) -> None:
        """Keep the page of a target at a moment."""
        self._pages.append((at_s, target, text))

    @property
    def span_s(self) -> tuple[int, int]:
        """Return the first and the last moment, in seconds since the epoch."""
        moments = [at_s for at_s, _, _ in self._pages]
        return min(moments), max(moments)

    def samples(self) -> Samples:
        """Return every sample, and whether each target answered (`up`)."""
        known: dict[tuple[Target, str], Labels] = {}
        return table_of(page_of(at_s, target, text, known) for at_s, target, text in self._pages)


@contextlib.contextmanager
def gathering(url: str, target: Target, *, every_s: int) -> Iterator[Gathered]:
    """Ask `url` at whole seconds, and once more at the end, for as long as the block lasts."""
    found, ended = Gathered(), threading.Event()
    asker = threading.Thread(target=_ask_on, args=(url, target, every_s, found, ended), daemon=True)
    asker.start()
    try:
        yield found
    finally:
        ended.set()
        asker.join(3 * _TIMEOUT_S)


def _ask_on(
    url: str, target: Target, every_s: int, found: Gathered, ended: threading.Event
) -> None:
    with httpx.Client(timeout=_TIMEOUT_S, verify=authorities()) as client:
        is_last = False
        while not is_last:
            is_last = ended.wait(_until_next(every_s))
            if is_last:
                time.sleep(_until_next(1))
            found.add(round(time.time()), target, _asked(client, url))


def _until_next(every_s: int) -> float:
    """Return the seconds until the next whole second that `every_s` divides."""
    now = time.time()
    return ceil(now / every_s) * every_s - now


def _asked(client: httpx.Client, url: str) -> str | None:
    try:
        answer = client.get(url)
    except httpx.HTTPError:
        return None
    return answer.text if answer.status_code == _OK else None


def page_of(
    at_s: int, target: Target, text: str | None, known: dict[tuple[Target, str], Labels]
) -> Page:
    """Return what a target's page of metrics said; `known` remembers the labels of its lines."""
    own = {"job": target.job, "instance": target.instance}
    samples: list[tuple[Labels, float]] = [({NAME: "up", **own}, float(text is not None))]
    for line in (text or "").splitlines():
        if line.startswith("#") or not line:
            continue
        series, _, value = line.rpartition(" ")
        if (target, series) not in known:  # a page has the same series again and again
            ((sample,),) = [one.samples for one in text_string_to_metric_families(f"{line}\n")]
            known[target, series] = {NAME: sample.name, **sample.labels, **own}
        samples.append((known[target, series], float(value)))
    return Page(float(at_s), samples)
