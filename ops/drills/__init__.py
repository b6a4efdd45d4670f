"""Drills: rehearsed failures, which prove that people are notified and that things mend.

A drill breaks only what it has started itself, on loopback, and leaves nothing behind.
"""
