"""What the verbs about alerts do with files, tools and servers."""
