"""One member: what is kept of them, read off it, and changed by what they do."""
