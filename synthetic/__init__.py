"""What a user does, done by us, over HTTP only: journeys, load, golden sets."""
