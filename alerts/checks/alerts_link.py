"""alerts/link: an address in an annotation is one."""

import re
from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject

NAME: Final = "alerts/link"
_ADDRESS: Final = re.compile(r"https?://[^\s/]+\S*")
_HOST: Final = re.compile(r"^\s*[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(:\d+)?/", re.IGNORECASE)
_LIKE_ONE: Final = re.compile(r"^\s*[a-z]{2,6}:/|^\s*www\.|^\s*//\w", re.IGNORECASE)


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield what is to be an address and cannot be followed; one may be below another page."""
    del around
    for name, text in subject.annotations.items():
        value = re.sub(r"\{\{.*?\}\}", "x", text)
        wanted = name.endswith(("_url", "url", "_link")) or name in {"runbook", "dashboard"}
        if (
            wanted
            and (_LIKE_ONE.match(value) or _HOST.match(value) or "://" in value[:12])
            and not _ADDRESS.fullmatch(value.strip())
        ):
            yield subject.problem(
                NAME, "this is no address of a page", "write https://…", fragment=text,
                level=Level.WARNING,
            )  # fmt: skip
