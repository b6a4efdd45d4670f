"""The story of an incident: what happened when, told by everything that noted it."""
