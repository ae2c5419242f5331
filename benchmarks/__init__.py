"""One script per row of the table in docs/benchmarks.md; ``runner`` says what a script looks like."""
