"""The shell: Faust, Kafka, clock, environment, metrics and the command line around the pure core."""

import os

# Before NumPy is loaded: a product shared out among threads waits for busy cores, and each worker has one busy thread.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # noqa: TID251  (OpenBLAS reads it, not we)
