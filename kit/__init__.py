"""What all of the harness stands on: pure values and words, charts, and the edge to files and servers."""
