"""A first project file of a service, guessed from what the service shows of itself."""
