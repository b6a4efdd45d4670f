"""What the service says of itself."""

from typing import Final

import httpx2

from kit.pure.errors import UnreachableError, reason_of
from ops.incidents.evidence.part import Part, Site, Source, Window

_PAGES: Final = {
    "/metrics": "metrics.prom",
    "/health": "health.json",
    "/readyz": "readyz.txt",
    "/cache/stats": "cache-stats.json",
    "/admin/mode": "mode.json",
}


def sources(site: Site) -> dict[str, Source]:
    """Return a source for each page."""
    return {f"{site.target}{path}": _page(site, path, name) for path, name in _PAGES.items()}


def _page(site: Site, path: str, name: str) -> Source:
    def collect(_window: Window) -> list[Part]:
        try:
            with site.access.client(site.target, timeout_s=site.timeout_s) as client:
                answer = client.get(path)
        except httpx2.HTTPError as err:
            raise UnreachableError(reason_of(err)) from err
        if answer.status_code in {401, 403, 404}:
            raise UnreachableError(f"HTTP {answer.status_code}")
        # An answer of 503 is evidence, too.
        source = f"GET {site.target}{path}, HTTP {answer.status_code}"
        return [Part(f"service/{name}", answer.text, source)]

    return collect
