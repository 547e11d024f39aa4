"""How the shipped weights were learned: `python -m streams.evaluation.learning.<name> DATAFOLDER` makes them anew."""
