"""Which names OpenSLO allows."""

import re
from typing import Final

from kit.pure.fields import Field

_RFC_1123: Final = re.compile(r"[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?")


def check_name(field: Field) -> str:
    """Return the name: RFC 1123, up to 63 of lower-case letters, digits and inner dashes."""
    name = field.text()
    if not _RFC_1123.fullmatch(name):
        raise field.wrong(
            "is not a valid name", "use up to 63 lower-case letters, digits and inner dashes"
        )
    return name
