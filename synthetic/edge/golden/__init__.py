"""What the verbs about the golden set do with files, parsers and services."""
