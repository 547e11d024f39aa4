"""Faust agents, one per stage: decode, fold, hand over."""
