"""Small user stories that the prober repeats against a live service."""
