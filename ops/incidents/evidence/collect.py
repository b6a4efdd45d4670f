"""Ask every source at the same time, mask what must not be kept, and pack the bundle."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from kit.edge import records
from kit.pure.errors import UnreachableError
from ops.checks.concurrently import Ended, run_concurrently
from ops.incidents.evidence import from_logs, from_machine, from_monitoring, from_service
from ops.incidents.evidence.bundle import Kept, keep, manifest_of, packed
from ops.incidents.evidence.part import Missing, Part, Site, Source, Window
from ops.incidents.masking import Masking

ALWAYS = ("this machine", "versions", "objectives")
"""Sources that answer anywhere, and so prove nothing of the system that is looked at."""


def collect(
    site: Site, window: Window, masking: Masking, *, within_s: float
) -> tuple[list[Part], list[Missing]]:
    """Return the masked parts of every source that answered in time, and those that did not.

    Raises UnreachableError when nothing of the system itself could be had.
    """
    sources: dict[str, Source] = {}
    for module in (from_service, from_logs, from_monitoring, from_machine):
        sources |= module.sources(site)
    ended = run_concurrently(
        {name: _masked(source, window, masking) for name, source in sources.items()},
        within_s=within_s,
    )
    parts, missing = [], []
    for name, end in ended.items():
        if end.value is not None:
            parts += end.value
        else:
            missing.append(Missing(masking.text(name), masking.text(_why(end, within_s))))
    if {m.source for m in missing} >= set(sources) - set(ALWAYS):
        raise UnreachableError(
            f"no evidence could be had: {missing[0].source}: {missing[0].why}",
            hint="name the service (--target), --logs, --prometheus or --alertmanager",
        )
    return parts, missing


def bundle(
    out: Path, site: Site, window: Window, masking: Masking, *,
    who: str, why: str, within_s: float,
) -> Kept:  # fmt: skip
    """Collect and keep a bundle; raises RefusedError when `out` is there already."""
    parts, missing = collect(site, window, masking, within_s=within_s)
    about: Mapping[str, str] = {
        "made_at": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "since": f"{window.since:%Y-%m-%dT%H:%M:%SZ}",
        "until": f"{window.until:%Y-%m-%dT%H:%M:%SZ}",
        "who": who,
        "why": masking.text(why),
        "target": site.target,
        "commit": records.commit(),
    }
    manifest = manifest_of(parts, missing, about)
    content = packed(parts, manifest, int(window.until.timestamp()))
    return Kept(out, keep(out, content), len(content), manifest)


def _masked(source: Source, window: Window, masking: Masking) -> Callable[[], list[Part]]:
    """Return what collects and masks the parts of a source, both inside its time."""

    def collect() -> list[Part]:
        return [
            Part(part.path, masking.text(part.text), masking.text(part.source))
            for part in source(window)
        ]

    return collect


def _why(end: Ended[list[Part]], within_s: float) -> str:
    if not end.in_time:
        return f"not read and masked within {within_s:g} s; --within gives it more"
    return str(end.error) or type(end.error).__name__
