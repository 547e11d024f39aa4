"""The APIs of platforms, for channels that share one: what a request looks like, and what its answer means."""
