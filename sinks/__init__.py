"""Delivery of commands to the outside: once only, with retry, and an outcome for each attempt."""
