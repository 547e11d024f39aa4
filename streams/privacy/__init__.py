"""What a member may ask for: to see everything that is known, and to be forgotten."""
