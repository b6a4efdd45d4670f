"""`sre maintain update`: the lock renewed on a branch, to be tried before it is taken."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ops.maintenance import updating
from sre.answer import Answer
from sre.screen import lines


def update(
    branch: Annotated[str, typer.Option(help="The branch to make.")] = "dependencies",
    package: Annotated[
        list[str] | None, typer.Option(help="Only this package, more than once for more.")
    ] = None,
    checkout: Annotated[Path, typer.Option(help="The checkout of the project.")] = Path(),
    index_url: Annotated[
        str, typer.Option(help="Package index to ask; else the one pip is configured for.")
    ] = "",
    find_links: Annotated[
        Path | None, typer.Option(help="Folder of wheels to choose from; no index is asked.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=1, help="Seconds for uv.")] = 600,
) -> Answer:
    """Raise the locked dependencies on a new branch; the checkout itself stays as it is.

    Needs git, and uv to resolve. docs/upgrade.md says how the branch is tried and taken.
    """
    wish = updating.Wish(
        checkout.resolve(), branch, tuple(package or ()), index_url, find_links, timeout
    )
    changes = updating.update(wish)
    data = {
        "schema": "calendar-sre/maintain-update/v1",
        "branch": None if changes is None else branch,
        "changes": [asdict(one) for one in changes or ()],
    }
    if changes is None:
        return Answer(data, lines(["nothing is newer: no branch was made"]))
    said = [*map(str, changes), f"branch {branch}: git show {branch} -- {updating.LOCK}"]
    return Answer(data, lines(said))
