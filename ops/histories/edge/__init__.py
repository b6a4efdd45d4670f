"""Plays plans on real servers: clients over HTTP, faults by proxy, containers and signals."""
