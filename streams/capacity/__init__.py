"""How many partitions, workers and brokers a deployment needs, from unit costs that were measured."""
