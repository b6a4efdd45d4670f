"""`sre incident evidence`: keep what may soon be gone, and see later that nobody changed it."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.edge.access import access, target_url
from kit.edge.outputs import check_writable
from kit.edge.prometheus import prometheus_url
from kit.edge.target import addressed
from kit.pure.exits import Exit
from ops.incidents.evidence.bundle import Kept, check_free, is_sealed
from ops.incidents.evidence.bundle import verify as look
from ops.incidents.evidence.collect import bundle
from ops.incidents.evidence.part import Site
from ops.incidents.masking import masking_of
from ops.incidents.moments import window_of
from ops.incidents.people import somebody

_OUT = typer.Argument(help="The bundle to make, a .tar.gz; with --verify the one to look at.")
_SINCE = typer.Option(help="How far back, such as 2h or 90m, or a time with its offset.")
_CONTAINERS = typer.Option("--container", help="A container whose log is kept; may be repeated.")


def evidence(
    out: Annotated[Path, _OUT],
    since: Annotated[str, _SINCE] = "2h",
    until: Annotated[str, typer.Option(help="The end: a time with its offset.")] = "now",
    why: Annotated[str, typer.Option(help="What happened, for whoever reads it later.")] = "",
    who: Annotated[str | None, typer.Option(help="Who; else SRE_USER, else you.")] = None,
    target: Annotated[
        str | None, typer.Option(help="Base URL; else SRE_TARGET_URL, else port 8000 here.")
    ] = None,
    prometheus: Annotated[str | None, typer.Option(help="URL; else SRE_PROMETHEUS_URL.")] = None,
    alertmanager: Annotated[
        str | None, typer.Option(help="URL; else SRE_ALERTMANAGER_URL.")
    ] = None,
    logs: Annotated[Path | None, typer.Option(help="Folder; else CALENDAR_LOG_DIR.")] = None,
    containers: Annotated[list[str] | None, _CONTAINERS] = None,
    within: Annotated[float, typer.Option(min=1, help="Seconds for all sources together.")] = 30.0,
    verify: Annotated[
        bool, typer.Option("--verify", help="Look whether a bundle is as it was made.")
    ] = False,
    sha256: Annotated[
        str | None, typer.Option(help="With --verify: what its SHA-256 must be.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Keep logs, metrics, alerts, key series, containers and system facts in one bundle.

    Keys, passwords and what people wrote are masked. Exits 0 when every source answered, 1 when
    some did not (they are listed, in the bundle too), 3 when nothing could be had. Never writes
    over a bundle (exit 4). With --verify: 1 when anything was changed.
    """
    if verify:
        _verify(out, sha256, as_json=as_json)
        return
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
    _tell(kept, as_json=as_json)
    if kept.manifest["missing"]:
        raise typer.Exit(1)


def _tell(kept: "Kept", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(_entry(kept), indent=1, ensure_ascii=False))
        return
    for each in kept.manifest["missing"]:
        typer.echo(f"lacks     {each['source']}: {each['why']}")
    typer.echo(f"parts     {len(kept.manifest['parts'])}, {kept.size_bytes:,} bytes")
    typer.echo(f"bundle    {kept.path}")
    typer.echo(f"sha256    {kept.sha256}")


def _verify(path: Path, sha256: str | None, *, as_json: bool) -> None:

    kept, wrong = look(path, sha256)
    if as_json:
        typer.echo(json.dumps({**_entry(kept), "wrong": wrong}, indent=1, ensure_ascii=False))
    else:
        for each in wrong:
            typer.echo(f"CHANGED   {each}")
        if not wrong:
            parts = len(kept.manifest["parts"])
            typer.echo(f"whole     {parts} parts, made at {kept.manifest['made_at']}")
            if sha256 is None and not is_sealed(path):
                typer.echo("no seal   only --sha256 can tell whether the whole bundle was replaced")
        typer.echo(f"sha256    {kept.sha256}")
    if wrong:
        raise typer.Exit(int(Exit.BAD))


def _entry(kept: "Kept") -> Mapping[str, Any]:
    return {
        "schema": "calendar-sre/evidence-bundle/v1",
        "bundle": str(kept.path),
        "sha256": kept.sha256,
        "bytes": kept.size_bytes,
        "manifest": kept.manifest,
    }
