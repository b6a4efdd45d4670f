"""A bundle of everything that a person needs after an incident and that may soon be gone."""
