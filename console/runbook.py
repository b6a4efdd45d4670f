"""A runbook page as blocks: headings, paragraphs, steps and code; what it holds stays text."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """`kind` is h1, h2, p, li, step or code."""

    kind: str
    text: str


def blocks(text: str) -> Iterator[Block]:
    """Yield the blocks of a Markdown page, as far as our runbooks use it."""
    code: list[str] | None = None
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("```"):
            if code is not None:
                yield Block("code", "\n".join(code))
            code = [] if code is None else None
        elif code is not None:
            code.append(line.removeprefix("   "))
        elif bare.startswith("#"):
            yield Block("h1" if bare.startswith("# ") else "h2", bare.lstrip("# "))
        elif bare.startswith(("- ", "* ")):
            yield Block("li", bare[2:])
        elif bare[:1].isdigit() and ". " in bare[:4]:
            yield Block("step", bare)
        elif bare:
            yield Block("p", bare)
    if code:
        yield Block("code", "\n".join(code))
