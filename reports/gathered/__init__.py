"""Answers a report's questions from samples at hand, where no Prometheus keeps them."""
