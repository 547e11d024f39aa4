"""The garbage collector's part in a worker and a gateway: it looks for cycles among what is young, not through all member states.

States, caches and indexes hold no cycles; with the defaults each full collection walks through all of them, a fifth of the
time at a million members. Measured in tests/benchmarks/folding.py.
"""

import gc

YOUNG, MIDDLE, OLD = 20_000, 20, 100  # thresholds of the three generations; the defaults are 700, 10, 10


def spare_states() -> None:
    """Collect once, then leave out what is there from every later collection.

    Call it at the start, and whenever partitions were opened.
    """
    gc.set_threshold(YOUNG, MIDDLE, OLD)
    gc.unfreeze()
    gc.collect()
    gc.freeze()
