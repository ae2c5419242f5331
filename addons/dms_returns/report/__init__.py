"""Workbooks are plain classes, imported where they are written."""
