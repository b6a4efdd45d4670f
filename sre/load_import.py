"""`sre load import`: a load profile from an OpenAPI document."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.access import access, target_url
from kit.edge.outputs import check_writable
from kit.edge.writing import write_wanted
from ops.init.load_import import profile_of
from ops.init.looking import Asked, named_api
from sre.answer import Answer
from sre.options import CaFile, Target, Timeout
from synthetic.load.profile_file import read_profile


def import_profile(
    document: Annotated[str, typer.Argument(help="OpenAPI 3 file or URL.")],
    target: Target = None,
    name: Annotated[str, typer.Option(help="What the profile is called.")] = "imported",
    writes: Annotated[
        bool, typer.Option("--writes", help="Also the routes that change things.")
    ] = False,
    output: Annotated[Path | None, typer.Option(help="Write the profile here.")] = None,
    ca_file: CaFile = None,
    timeout: Timeout = 10.0,
) -> Answer:
    """Make a load profile of the routes in an OpenAPI document; reads alone, unless --writes.

    What a route makes is read, changed and removed by what it answers; other parameters have the
    document's examples as values, for a person to replace. The profile is read before it is told.
    """
    check_writable(output)
    asked = Asked(target_url(target), access(ca_file), timeout_s=timeout)
    found = profile_of(named_api(asked, document), name=name, writes=writes)
    read_profile(found.text, source=str(output or "the imported profile"))
    write_wanted((output, lambda: found.text))
    data = {
        "schema": "calendar-sre/load-import/v1",
        "profile": found.text,
        "requests": found.requests,
        "left_out": list(found.left_out),
    }

    def show(screen: Console) -> None:
        if output is None:
            screen.print(found.text, markup=False, highlight=False, soft_wrap=True)
            return
        screen.print(f"written   {output}  {found.requests} requests", soft_wrap=True)
        for each in found.left_out:
            screen.print(f"left out  {each}", markup=False, soft_wrap=True)

    return Answer(data, show)
