"""Histories: reading them, and folding them through both stages."""
