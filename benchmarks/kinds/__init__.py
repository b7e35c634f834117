"""Kinds of questions and texts that failed: cases of each, half of them set aside; one module a way of judging."""
