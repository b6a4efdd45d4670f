"""Bring rules to a Prometheus so that what runs is what was meant, or leave it as it was."""
