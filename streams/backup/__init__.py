"""A deployment's topics in a folder and back, on the same or another number of partitions."""
