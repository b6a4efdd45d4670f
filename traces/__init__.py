"""Traces of single requests: which was slow, and where its time went."""
