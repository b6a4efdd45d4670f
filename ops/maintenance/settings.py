"""What maintenance must know of the service's settings."""

import os

from kit.pure.errors import BadInputError
from service.settings import Settings


def idempotency_ttl_s() -> int:
    """Return how long a record of an Idempotency-Key is kept, as the service's settings say."""
    name = "CALENDAR_IDEMPOTENCY_TTL_S"
    text = os.environ.get(name) or str(Settings.model_fields["idempotency_ttl_s"].default)
    if not text.isdigit():
        raise BadInputError(f"{name}={text!r} is no number of seconds", hint="docs/service.md")
    return int(text)
