"""A TCP proxy in a container of its own, and how it is told what to break.

`server.py` runs inside the container on the standard library alone; `client.py` starts it and
speaks to it.
"""
