"""Learned weights, made anew from data sets that lie beside the checkout; needs the development tools."""
