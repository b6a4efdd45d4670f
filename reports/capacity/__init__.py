"""How long the capacity lasts: what a climb has shown, and where traffic is heading. Pure."""
