"""What of a text is not for the public: hosts, addresses, routes, versions, people."""

import re
from typing import Final

_INNER: Final = "internal|local|lan|corp|svc|cluster|intra"
_KINDS: Final = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        ("a person's address", r"\b[\w.+-]+@[\w-]+\.[\w.-]+\b"),
        ("an address in a network", r"\b(?:\d{1,3}\.){3}\d{1,3}\b"),
        ("an address in a network", r"\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b"),
        ("a host of ours", rf"\b[\w-]+(?:\.[\w-]+)*\.(?:{_INNER})\b"),
        ("a host of ours", r"\blocalhost\b|\b[a-z][\w-]*(?:\.[\w-]+)*:\d{2,5}\b"),
        ("a link", r"\b[a-z][a-z+.-]*://\S+"),
        ("a route", r"(?<![\w/.])/[a-z][\w{}.-]*(?:/[\w{}.-]+)*"),
        ("a version", r"\bv?\d+\.\d+\.\d+[\w.+-]*\b|\b[0-9a-f]{40}\b|\bv\d+\.\d+\b"),
        ("a person", r"(?<!\w)@[a-z][\w.-]+"),
    )
)


def leaks(text: str, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return what a public text should not name, each as `what: "words"`.

    `names` are words of the project that nobody outside knows, such as its scrape job.
    """
    found = [
        f'{kind}: "{match[0][:60]}"' for kind, pattern in _KINDS for match in pattern.finditer(text)
    ]
    found += [
        f'a name of ours: "{name}"'
        for name in names
        if re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE)
    ]
    return tuple(dict.fromkeys(found))
