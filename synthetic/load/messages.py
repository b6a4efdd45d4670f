"""What master and workers of a distributed run call out to each other through Locust."""

from typing import Final

JOB: Final = "sre_job"  # master to one worker: its share
PREPARED: Final = "sre_prepared"  # worker to master: seeded, waiting for the start
GO: Final = "sre_go"  # master to all: the schedule begins now
FRAMES: Final = "sre_frames"  # worker to master: what a local worker would write to its pipe
HALT: Final = "sre_halt"  # master to all: send nothing more, report what there is
END: Final = "sre_end"  # worker to master: all is said
BYTES: Final = "bytes"
"""The key of a message's data."""
EXIT_NO_MASTER: Final = 3
EXIT_NO_WORKERS: Final = 3
EXIT_ABANDONED: Final = 5
EXIT_STOPPED: Final = 0
EVERY_S: Final = 0.2
"""How often each side looks whether the other still lives."""
WORKERS_WITHIN_S: Final = 120.0
HALT_WITHIN_S: Final = 5.0
GREETED_WITHIN_S: Final = 5.0
