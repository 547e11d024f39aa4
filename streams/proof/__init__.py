"""The recorded log folded again: the proof, the snapshots that it starts from, and what another policy would have decided."""
