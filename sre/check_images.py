"""`sre check images`: what the images that run in production are made of."""

from pathlib import Path
from typing import Annotated

import typer

from ops.supply.look import Wish, check_images
from sre.answer import Answer
from sre.check_screen import answer_of


def images(
    image: Annotated[
        list[str] | None, typer.Argument(help="Images of the engine here; else those we ship.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Another build, whose files must be the same.")
    ] = None,
    sbom: Annotated[
        Path | None, typer.Option(help="Write a bill of materials of each (CycloneDX) here.")
    ] = None,
    timeout: Annotated[
        float, typer.Option(min=1, help="Seconds to read an image, and for a scanner.")
    ] = 300.0,
) -> Answer:
    """Look into images: compilers, user, licences, known vulnerabilities, and sameness.

    Vulnerabilities are known by trivy or grype, whichever is on PATH; without one that is NO DATA.
    """
    return answer_of(check_images(Wish(image or [], against, sbom, timeout)))
