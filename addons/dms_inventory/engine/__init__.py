"""Arithmetic of stock at distributors: plain values in, plain values out, nothing of Odoo."""
