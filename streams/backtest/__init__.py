"""Playbooks tried on history: who would have got what, when, how often, and what that changes."""
