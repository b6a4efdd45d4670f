"""The `sre` command, one file a verb."""
