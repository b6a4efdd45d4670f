"""Who is told of which alert, when, and what silences what."""
