"""What the verbs about load do with files and servers."""
