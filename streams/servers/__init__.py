"""The servers that we stand on, Kafka and Redis: how each is reached, and how topics are read outside the engine."""
