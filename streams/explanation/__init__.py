"""What was decided, in words: English and German."""
