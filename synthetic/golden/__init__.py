"""The golden set: sentences with the event that a person would make of each, and their judge."""
