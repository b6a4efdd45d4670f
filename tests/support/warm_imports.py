"""What a process of `tests.support.warm` begins with: the service, and every verb of `sre`."""

import gc
from importlib import import_module

from sre.table import VERBS

for module in ("service.app", "uvicorn.main", "sre.running"):
    import_module(module)
for place in VERBS.values():
    import_module(f"sre.{place.partition(':')[0]}")
import_module("service.parsing.decide").warm_up()
gc.collect()
gc.freeze()  # else each fork looks at all of it again, and copies it
