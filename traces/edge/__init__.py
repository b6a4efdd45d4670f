"""The files that traces are read from."""
