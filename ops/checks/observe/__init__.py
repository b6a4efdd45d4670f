"""What asks: each module talks to one kind of thing and returns plain values."""
