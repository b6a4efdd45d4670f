"""Journeys: what users do from beginning to end, walked by the prober against a live service."""
