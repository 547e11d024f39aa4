"""The published catalog: carried to every worker, its versions, what changes it, and what its messages look like."""
