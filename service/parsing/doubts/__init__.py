"""What may have been meant otherwise: each kind of doubt has a code that never changes.

A doubt is found by a small function that looks at one reading. `weights.py` holds by how much each
kind lowers the confidence, as measured; `sentences.py` says the grave ones to people.
"""

from service.parsing.doubts.times import of_times
from service.parsing.doubts.words import of_words
from service.parsing.model import Doubt
from service.parsing.reading import Reading

_MOST = 12  # of one text; more say no more


def doubts_of(reading: Reading) -> tuple[Doubt, ...]:
    """Return what is doubtful about a reading, in the order of the kinds."""
    found = [*reading.known, *of_words(reading)]
    if reading.timing is not None:
        found += of_times(reading, reading.timing)
    return tuple(dict.fromkeys(found[:_MOST])) if len(found) > 1 else tuple(found)
