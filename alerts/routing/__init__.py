"""Who is notified of which alert, when, and what silences what."""
