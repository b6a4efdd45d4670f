"""Load profiles, schedules and verdicts: what a load test is, and what its samples say."""
