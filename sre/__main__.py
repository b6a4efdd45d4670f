"""`python -m sre` is `sre`."""

from sre.main import main

main()
