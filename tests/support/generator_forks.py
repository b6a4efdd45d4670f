"""The process that forks warm generators; see `tests.support.warm_generators`.

Locust must be imported before anything else: it changes what others are made of.
"""

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, Final

GENERATORS: Final = ("synthetic.edge.load.generator", "synthetic.edge.load.locust_worker")
LOOKS_EVERY_S: Final = 1.0


def serve(place: Path) -> None:
    """Fork for everybody who asks, until the folder of the test run is gone."""
    modules = {name: import_module(name) for name in GENERATORS}
    gc.freeze()  # else each fork looks at all of it again, and copies it
    listener = socket.socket(socket.AF_UNIX)
    part = place.with_suffix(".part")
    listener.bind(str(part))
    listener.listen(64)
    part.rename(place)
    waiting = selectors.DefaultSelector()
    waiting.register(listener, selectors.EVENT_READ)
    running: dict[socket.socket, int] = {}
    while place.exists():
        for key, _ in waiting.select(LOOKS_EVERY_S):
            if key.fileobj is listener:
                line, _peer = listener.accept()
                running[line] = _forked(line, modules)
                waiting.register(line, selectors.EVENT_READ)
                waiting.register(os.pidfd_open(running[line]), selectors.EVENT_READ, line)
            elif isinstance(key.fileobj, int):  # a generator has ended
                _, status = os.waitpid(running[key.data], 0)
                waiting.unregister(key.fileobj)
                os.close(key.fileobj)
                del running[key.data]
                if key.data in {each.fileobj for each in waiting.get_map().values()}:
                    waiting.unregister(key.data)
                    with contextlib.suppress(BrokenPipeError):
                        key.data.sendall(b"%d\n" % os.waitstatus_to_exitcode(status))
                key.data.close()
            elif key.fileobj in running:  # who asked for it has ended
                waiting.unregister(key.fileobj)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(running[key.fileobj], signal.SIGKILL)


def _forked(line: socket.socket, modules: Mapping[str, Any]) -> int:
    first, files, _, _ = socket.recv_fds(line, 1, 3)
    order = json.loads(first + line.makefile("rb").readline())
    pid = os.fork()
    if pid == 0:
        _generate(modules[order["words"][0]], order, files)
    for file in files:
        os.close(file)
    line.sendall(b"%d\n" % pid)
    return pid


def _generate(module: Any, order: Mapping[str, Any], files: Sequence[int]) -> None:
    code = 1
    try:
        os.setsid()
        os.chdir(order["folder"])
        for number, file in enumerate(files):
            os.dup2(file, number)
        os.environ.clear()
        os.environ.update(order["environment"])
        sys.argv = list(order["words"])
        code = module.main()
    except SystemExit as err:
        code = err.code if isinstance(err.code, int) else 1
        sys.stderr.write("" if err.code in {None, code} else f"{err.code}\n")
    except BaseException:  # noqa: BLE001 whatever it is, it ends here and is told
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
