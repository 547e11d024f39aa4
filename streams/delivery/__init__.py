"""Delivery: commands from the delivery topics out over a channel, outcomes back; and messages that a person lets go or tries."""
