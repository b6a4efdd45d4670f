"""How sure the parser is, as a probability (placeholder weights until fitted)."""
