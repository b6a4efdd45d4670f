"""`sre incident evidence`: keep what may soon be gone, and see later that nobody changed it."""

import os
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kit.edge.access import access, target_url
from kit.edge.outputs import check_writable
from kit.edge.prometheus import prometheus_url
from kit.edge.target import addressed
from kit.pure.exits import Exit
from ops.incidents.evidence.bundle import Kept, check_free, is_sealed, verify
from ops.incidents.evidence.collect import bundle
from ops.incidents.evidence.part import Site
from ops.incidents.masking import masking_of
from ops.incidents.people import somebody
from ops.incidents.window import window_of
from sre.answer import Answer
from sre.options import Alertmanager, Begin, End, Logs, Prometheus, Target, Who

_OUT = typer.Argument(help="The bundle to make, a .tar.gz; with --verify the one to look at.")
_CONTAINERS = typer.Option("--container", help="A container whose log is kept; may be repeated.")


def evidence(
    out: Annotated[Path, _OUT],
    since: Begin = "2h",
    until: End = "now",
    why: Annotated[str, typer.Option(help="What happened, for whoever reads it later.")] = "",
    who: Who = None,
    target: Target = None,
    prometheus: Prometheus = None,
    alertmanager: Alertmanager = None,
    logs: Logs = None,
    containers: Annotated[list[str] | None, _CONTAINERS] = None,
    within: Annotated[float, typer.Option(min=1, help="Seconds for all sources together.")] = 30.0,
    look: Annotated[
        bool, typer.Option("--verify", help="Look whether a bundle is as it was made.")
    ] = False,
    sha256: Annotated[
        str | None, typer.Option(help="With --verify: what its SHA-256 must be.")
    ] = None,
) -> Answer:
    """Keep logs, metrics, alerts, key series, containers and system facts in one bundle.

    Keys, passwords and what people wrote are masked. Exits 0 when every source answered, 1 when
    some did not (they are listed, in the bundle too), 3 when nothing could be had. Never writes
    over a bundle (exit 4). With --verify: 1 when anything was changed or cut off, 2 for a file
    that never was a bundle.
    """
    if look:
        return _verified(out, sha256)
    url, known = addressed(target_url(target), access())
    site = Site(
        target=url,
        access=known,
        prometheus=prometheus_url(prometheus) or "",
        alertmanager=alertmanager or os.environ.get("SRE_ALERTMANAGER_URL") or "",
        logs=str(logs or os.environ.get("CALENDAR_LOG_DIR") or ""),
        containers=tuple(containers or ()),
        timeout_s=within,
    )
    window = window_of(since, until)
    check_writable(out)
    check_free(out)
    masking = masking_of(os.environ)
    kept = bundle(out, site, window, masking, who=somebody(who), why=why, within_s=within)
    code = Exit.BAD if kept.manifest["missing"] else Exit.HOLDS
    return Answer(_data(kept), lambda terminal: _show_kept(terminal, kept), code)


def _verified(path: Path, sha256: str | None) -> Answer:
    kept, wrong = verify(path, sha256)

    def screen(terminal: Console) -> None:
        for each in wrong:
            terminal.out(f"CHANGED   {each}")
        if not wrong:
            parts = len(kept.manifest["parts"])
            terminal.out(f"whole     {parts} parts, made at {kept.manifest['made_at']}")
            if sha256 is None and not is_sealed(path):
                terminal.out(
                    "no seal   only --sha256 can tell whether the whole bundle was replaced"
                )
        terminal.out(f"sha256    {kept.sha256}")

    return Answer(_data(kept) | {"wrong": wrong}, screen, Exit.BAD if wrong else Exit.HOLDS)


def _show_kept(terminal: Console, kept: Kept) -> None:
    for each in kept.manifest["missing"]:
        terminal.out(f"lacks     {each['source']}: {each['why']}")
    terminal.out(f"parts     {len(kept.manifest['parts'])}, {kept.size_bytes:,} bytes")
    terminal.out(f"bundle    {kept.path}")
    terminal.out(f"sha256    {kept.sha256}")


def _data(kept: Kept) -> dict[str, Any]:
    return {
        "schema": "calendar-sre/evidence-bundle/v1",
        "bundle": str(kept.path),
        "sha256": kept.sha256,
        "bytes": kept.size_bytes,
        "manifest": kept.manifest,
    }
