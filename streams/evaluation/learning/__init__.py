"""Learned weights, built anew: `python -m streams.evaluation.learning.NAME FOLDER`, FOLDER being where the data sets lie."""
