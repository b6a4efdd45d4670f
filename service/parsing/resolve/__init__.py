"""Stage 5, resolution: what was said, seen from now, becomes days and times on the wall clock."""
