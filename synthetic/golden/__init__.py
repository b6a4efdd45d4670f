"""The golden set and the gate that judges the parser by it."""
