"""Load profiles, the generator that runs them, and what they measured."""
