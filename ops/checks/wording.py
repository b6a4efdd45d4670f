"""How the numbers of a check are read.

`reports.period.wording` has more of it, but brings the drawing of charts along: a second and a
half that nobody waits for whose service is down.
"""

_MIB = 2**20


def tenths(share: float) -> str:
    """Return a share in percent with one digit."""
    return f"{share * 100:.1f} %"


def mebibytes(size: float) -> str:
    """Return bytes in MiB."""
    return f"{size / _MIB:,.0f} MiB"


def milliseconds(seconds: float) -> str:
    """Return seconds as milliseconds with three digits."""
    return f"{seconds * 1000:.3g} ms"
