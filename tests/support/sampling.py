"""Parameters of which `make test` tries a few and `make thorough` the rest."""

from collections.abc import Iterable
from typing import Any

import pytest


def quick(values: Iterable[Any], *, first: int) -> list[Any]:
    """Return the values as parameters; those after the `first` ones are for `make thorough`."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)),
            marks=() if number < first else pytest.mark.thorough,
        )
        for number, value in enumerate(values)
    ]
