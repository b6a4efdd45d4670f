"""Replay labelled incidents through the real engine and score the rules by them."""
