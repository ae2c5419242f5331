"""Demo data: imported only when it is loaded."""
