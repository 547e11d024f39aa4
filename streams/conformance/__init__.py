"""The conformance kit: what a delivery service of one's own must do, tried on it with a real broker."""
