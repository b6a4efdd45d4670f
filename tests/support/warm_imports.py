"""What a process of `tests.support.warm` begins with: the service, and every verb of `sre`."""

from importlib import import_module

from sre.table import VERBS

for module in ("service.app", "uvicorn.main", "sre.running"):
    import_module(module)
for place in VERBS.values():
    import_module(f"sre.{place.partition(':')[0]}")
