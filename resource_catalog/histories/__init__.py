"""Histories of real communities that may be shipped, for trying Lotse out."""
