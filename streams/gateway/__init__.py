"""The door in: what platforms send, verified and mapped to events."""
