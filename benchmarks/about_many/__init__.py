"""Questions on several articles, and what a right answer to each one cites."""
