"""Stage 6, roles: what is left when time is taken out says what, with whom and where."""
