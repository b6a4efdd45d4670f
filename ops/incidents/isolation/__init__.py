"""Cut a system off: each step with the command that does it and the one that undoes it."""
