"""What may have been meant otherwise: each kind of doubt has a code that never changes.

A doubt is found by a small function that looks at one reading. `weights.py` holds by how much each
kind lowers the confidence, as measured; `sentences.py` says the grave ones to people.
"""

from service.parsing.doubts.times import OF_TIMES
from service.parsing.doubts.words import OF_WORDS
from service.parsing.model import Doubt
from service.parsing.reading import Reading

_MOST = 12  # of one text; more say no more


def doubts_of(reading: Reading) -> tuple[Doubt, ...]:
    """Return what is doubtful about a reading, in the order of the kinds."""
    found = list(reading.known)
    found += [doubt for finder in OF_WORDS for doubt in finder(reading)]
    if reading.timing is not None:
        found += [doubt for finder in OF_TIMES for doubt in finder(reading, reading.timing)]
    return tuple(dict.fromkeys(found[:_MOST]))
