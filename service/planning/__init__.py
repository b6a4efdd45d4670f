"""Pure calendar arithmetic: events, recurrence, overlap, free time."""
