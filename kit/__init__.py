"""What all of the harness stands on: values and words, charts, and the edge to the machine."""
