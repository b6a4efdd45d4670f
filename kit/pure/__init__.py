"""Errors, typed fields, durations, words and the values that cross rooms: no input or output."""
