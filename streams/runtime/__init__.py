"""The engine: chunked intake, state tables, checkpoints, ticks and dead letters for Faust agents."""
