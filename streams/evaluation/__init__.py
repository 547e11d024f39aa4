"""Figures of the shipped detectors on data that somebody names: `lotse evaluate`."""
