"""Parameters of which `make test` tries a few and `make thorough` the rest."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import settings


def quick(values: Iterable[Any], *, first: int) -> list[Any]:
    """Return the values as parameters; those after the `first` ones are for `make thorough`."""
    return [
        pytest.param(
            *(value if isinstance(value, tuple) else (value,)),
            marks=() if number < first else pytest.mark.thorough,
        )
        for number, value in enumerate(values)
    ]


def examples(many: int) -> settings:
    """Return settings for a property of which `make thorough` tries `many` examples.

    `make test` tries the share of them that its profile has of the usual hundred.
    """
    return settings(max_examples=many * settings().max_examples // 100)
