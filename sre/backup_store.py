"""`sre backup upload|fetch|audit`: backups in a store outside the house."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from kit.pure.exits import Exit
from kit.pure.words import counted
from ops.backup.folder import choose
from ops.backup.store import fetch as bring_back
from ops.backup.store import store_at
from ops.backup.store import upload as send
from sre.answer import Answer
from sre.backup_places import BackupDir, Name
from sre.backup_progress import shown_progress

_Store = Annotated[
    str,
    typer.Option(
        "--store",
        envvar="SRE_BACKUP_STORE",
        help="Repository of restic (/mnt/x, s3:…, sftp:…), or folder:/mnt/x for plain folders.",
    ),
]


def upload(
    backup_dir: BackupDir = Path("backups"),
    backup: Name = "",
    store: _Store = "",
    also: Annotated[
        list[Path] | None,
        typer.Option(help="Keep this beside it: rules, routes, boards, run records; repeatable."),
    ] = None,
    keep: Annotated[
        int | None,
        typer.Option(min=1, help="Afterwards keep this many of the newest there of each kind."),
    ] = None,
) -> Answer:
    """Verify a backup and keep it in a store elsewhere: encrypted by restic, each byte once.

    The key is in RESTIC_PASSWORD_FILE. Without restic a path is a store of plain folders, which it
    says, and a store that was empty is called new. Nothing there is removed before the new backup
    is listed, nor what newer ones do not hold.
    """
    place = store_at(store, os.environ)
    entry, is_new = choose(backup_dir, backup, "all"), place.is_new()
    with shown_progress() as progress:
        gone = send(place, entry, also or (), keep, progress)
    data = {
        "schema": "calendar-sre/backup-uploaded/v1", "name": entry.name, "store": place.note,
        "new_store": is_new, "also": [str(path) for path in also or ()], "removed": gone,
    }  # fmt: skip

    def screen(out: Console) -> None:
        for name in gone:
            out.print(f"removed   {escape(name)}")
        out.print(f"stored    {escape(entry.name)}   {escape(place.note)}", soft_wrap=True)
        if is_new:
            out.print("new       the store was empty: were there backups, is its disk mounted?")

    return Answer(data, screen)


def fetch(
    name: Annotated[str, typer.Argument(help="Which backup; else the newest of the store.")] = "",
    backup_dir: BackupDir = Path("backups"),
    store: _Store = "",
) -> Answer:
    """Bring a backup back from the store, and verify it before it gets its name here."""
    place = store_at(store, os.environ)
    with shown_progress() as progress:
        done = bring_back(place, name, backup_dir, progress)
    data = {
        "schema": "calendar-sre/backup-fetched/v1", "name": done.entry.name,
        "path": str(done.entry.path), "documents": done.documents, "was_here": done.was_here,
    }  # fmt: skip

    def screen(out: Console) -> None:
        word = "was here" if done.was_here else "fetched"
        what = counted(done.documents, "document")
        out.print(f"{word:9} {escape(str(done.entry.path))}   {what}, verified", soft_wrap=True)

    return Answer(data, screen)


def audit(
    store: _Store = "",
    read_data: Annotated[
        bool, typer.Option(help="Read every byte, and not only what is listed.")
    ] = True,
) -> Answer:
    """Look whether the store itself is whole. Exit code 1 names what is damaged."""
    place = store_at(store, os.environ)
    names, damaged = place.names(), place.audit(read_data=read_data)
    data = {
        "schema": "calendar-sre/backup-audit/v1", "store": place.note, "backups": names,
        "read_data": read_data, "damaged": damaged,
    }  # fmt: skip
    code = Exit.BAD if damaged else Exit.HOLDS if names else Exit.NOT_ENOUGH_DATA

    def screen(out: Console) -> None:
        for each in damaged:
            out.print(f"damaged   {escape(each)}", soft_wrap=True)
        word = "damaged" if damaged else "whole" if names else "empty"
        out.print(f"{word:9} {counted(len(names), 'backup')} in the store, {escape(place.note)}")

    return Answer(data, screen, code)
