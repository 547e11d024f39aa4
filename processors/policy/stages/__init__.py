"""The stages of the arbiter, one question each."""
