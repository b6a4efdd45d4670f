"""The timeline of an incident: what happened when, from everything that noted it."""
