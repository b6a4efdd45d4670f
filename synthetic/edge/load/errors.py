"""An error in a sender ends it."""

import gevent


def end_at_the_first_error() -> None:
    """Raise in the main greenlet what any other raises, instead of only printing it.

    A sender that goes on after an error has lost the account of what it sent.
    """
    gevent.get_hub().SYSTEM_ERROR = (Exception,)
