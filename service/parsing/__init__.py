"""Pure language understanding: a sentence becomes an event."""
