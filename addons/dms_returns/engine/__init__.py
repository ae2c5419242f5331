"""Arithmetic of returns and claims: plain values in, plain values out."""
