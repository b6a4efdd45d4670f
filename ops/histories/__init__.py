"""Histories: what concurrent clients asked and were told under faults, judged promise by promise.

A seed makes a plan, `ops.histories.edge` plays it on real servers behind a fault proxy, and the
checkers look whether any order of events explains what was seen (Jepsen's way). All but the edge is
pure.
"""
