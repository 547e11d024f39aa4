"""The pure core: a fold over the log, without clock, I/O or randomness of its own."""
