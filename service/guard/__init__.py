"""Protection from dependencies and clients that misbehave: breakers, retries, limits, keys."""
