"""What the verbs about reports gather, write and send."""
