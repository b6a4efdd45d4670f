"""Look at a service: its metrics, its OpenAPI document, and how Prometheus scrapes it."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import httpx2

from kit.edge.prometheus import Prometheus, prometheus_headers
from kit.edge.target import Access, addressed
from kit.pure.errors import BadInputError, HarnessError, UnreachableError, reason_of
from kit.pure.urls import masked
from ops.init.exporters import recognise
from ops.init.families import families_of
from ops.init.guessing import READY, Seen
from ops.init.openapi import Api, read_api

_MOST_BYTES: Final = 32 * 2**20
_USUAL: Final = ("/openapi.json", "/v3/api-docs", "/openapi.yaml")
_SHOWN_AT: Final = ("/metrics", "/metrics/", "/actuator/prometheus", "/q/metrics")
"""Where services show metrics: most, a mounted application, Spring, Quarkus."""
_OK: Final = 200
_STARTED: Final = "process_start_time_seconds"
_SAME_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Asked:
    """What to look at; `openapi` is a file or a URL, None for the usual places of the service.

    `metrics` is the path of the metrics, None for the usual ones.
    """

    target: str
    access: Access = field(default_factory=Access)
    prometheus: str | None = None
    openapi: str | None = None
    metrics: str | None = None
    timeout_s: float = 10.0


def named_api(asked: Asked, place: str) -> Api:
    """Return the document at a file or URL; raises what `look` raises."""
    return read_api(_named(place, asked), source=masked(place), target=asked.target)


def look(asked: Asked) -> tuple[Seen, tuple[str, ...]]:
    """Return what was seen, and what could not be had.

    Raises UnreachableError where the service, its metrics or what was named does not answer, and
    BadInputError or NotEnoughDataError where what it shows says too little.
    """
    url, access = addressed(asked.target, asked.access)
    notes: list[str] = []
    with access.client(url, timeout_s=asked.timeout_s) as client:
        answering = tuple(path for path in (*READY, "/") if _get(client, path, url).found)
        api = _api(client, url, asked, notes)
        path, text = _metrics(client, url, asked.metrics)
    source = f"{url}{path}"
    families = families_of(text, source=source)
    exporter = recognise(families, source=source)
    seen = Seen(url, families, exporter, api, answering=answering, scrape=path)
    if asked.prometheus is None:
        notes.append("no --prometheus: the scrape job is a guess")
        return seen, tuple(notes)
    return _scraped(seen, asked, notes), tuple(notes)


@dataclass(frozen=True, slots=True)
class _Page:
    status: int
    text: str

    @property
    def found(self) -> bool:
        return self.status == _OK


def _metrics(client: httpx2.Client, url: str, named: str | None) -> tuple[str, str]:
    """Return the path at which the service shows metrics, and them."""
    named = named.removeprefix(url) if named else None  # its address, by mistake or for ease
    paths, answers = (f"/{named.lstrip('/')}",) if named else _SHOWN_AT, list[int]()
    for path in paths:
        page = _get(client, path, url)
        if page.found:
            return path, page.text
        answers.append(page.status)
    raise UnreachableError(
        f"{url}{paths[0]} answers {answers[0]}: the service shows no metrics there",
        hint="add an exporter to the service, or name the path of its metrics with --metrics",
    )


def _get(client: httpx2.Client, path: str, url: str) -> _Page:
    """Return what a path answers, read up to a bound; UnreachableError where nothing answers."""
    parts, size = [], 0
    try:
        with client.stream("GET", path) as answer:
            for part in answer.iter_bytes():
                size += len(part)
                if size > _MOST_BYTES:
                    raise BadInputError(
                        f"{url}{path} answers more than {_MOST_BYTES >> 20} MiB",
                        hint="bound the labels of its metrics: a path or an id is no label value",
                    )
                parts.append(part)
            return _Page(answer.status_code, b"".join(parts).decode(errors="replace"))
    except (httpx2.HTTPError, httpx2.InvalidURL) as err:
        raise UnreachableError(
            f"{url}{path} does not answer: {masked(reason_of(err))}",
            hint="start the service, or give its address with --target; nothing was written",
        ) from err


def _api(client: httpx2.Client, url: str, asked: Asked, notes: list[str]) -> Api | None:
    """Return the document that was named, else the first that the service shows."""
    if asked.openapi is not None:
        return named_api(asked, asked.openapi)
    for path in _USUAL:
        page = _get(client, path, url)
        if page.found:
            try:
                return read_api(page.text, source=f"{url}{path}", target=url)
            except HarnessError as err:
                notes.append(f"left out: the routes of {err}")
                return None
    notes.append("left out: the routes, since no OpenAPI document was found (give --openapi)")
    return None


def _named(place: str, asked: Asked) -> str:
    if place.startswith(("http://", "https://")):
        parts = urlsplit(place)
        base, access = addressed(f"{parts.scheme}://{parts.netloc}", asked.access)
        with access.client(base, timeout_s=asked.timeout_s) as client:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            page = _get(client, path, base)
        if not page.found:
            raise UnreachableError(
                f"{masked(place)} answers {page.status}", hint="correct the address of --openapi"
            )
        return page.text
    try:
        return Path(place).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(
            f"--openapi {place}: cannot be read: {err}", hint="name an OpenAPI file or its URL"
        ) from err


def _scraped(seen: Seen, asked: Asked, notes: list[str]) -> Seen:
    """Return what was seen with the job under which Prometheus scrapes the target."""
    with Prometheus(asked.prometheus or "", headers=prometheus_headers()) as server:
        jobs = _started_as(server, seen)
        if len(jobs) != 1:  # not even the moment of its start tells it from others
            here = _at(server, seen.target)
            jobs = (jobs & here) or jobs or here
        url = server.url
    if len(jobs) == 1:
        return replace(seen, job=next(iter(jobs)), prometheus=url)
    said = f"several jobs scrape it ({', '.join(sorted(jobs))})" if jobs else "no job scrapes it"
    notes.append(f"the scrape job is a guess: {said} at {url}")
    return replace(seen, prometheus=url)


def _started_as(server: Prometheus, seen: Seen) -> set[str]:
    """Return the jobs of the process that started when this one did, whatever its address is."""
    mine = seen.families.get(_STARTED)
    if mine is None or mine.value is None:
        return set()
    found = server.get("/api/v1/query", query=_STARTED)["result"]
    near = (one for one in found if abs(float(one["value"][1]) - (mine.value or 0)) < _SAME_S)
    return {one["metric"]["job"] for one in near if "job" in one["metric"]}


def _at(server: Prometheus, target: str) -> set[str]:
    """Return the jobs that scrape the host and port of the target."""
    active = server.get("/api/v1/targets", state="active")["activeTargets"]
    return {one["labels"]["job"] for one in active if _place(one["scrapeUrl"]) == _place(target)}


def _place(url: str) -> tuple[str | None, int]:
    parts = urlsplit(url)
    return parts.hostname, parts.port or (443 if parts.scheme == "https" else 80)
