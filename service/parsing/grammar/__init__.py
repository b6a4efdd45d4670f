"""Stage 3, time expressions: one module per family of phrases, each a table of rules."""
