"""A text and its sentences, with exact offsets."""
