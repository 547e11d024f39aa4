"""Reading words: what is fresh, what is asked, what is alike, who is in distress."""
