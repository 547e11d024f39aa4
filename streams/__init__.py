"""The shell: Faust, Kafka, clock, environment, metrics and the command line around the pure core."""
