"""Run every bench, or those named on the command line, and print what each measures."""

import sys
from importlib import import_module
from pathlib import Path


def main(wanted: list[str]) -> int:
    """Run the benches whose names are given, all of them where none is; return the exit code."""
    folder = Path(__file__).parent
    known = sorted(path.stem.removeprefix("bench_") for path in folder.glob("bench_*.py"))
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        sys.stderr.write(f"error: no bench {unknown[0]!r}\nhint: there are {', '.join(known)}\n")
        return 2
    for name in known:
        if not wanted or name in wanted:
            print(f"\n== {name} ==", flush=True)
            import_module(f"tests.bench.bench_{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
