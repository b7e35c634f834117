"""Articles as files of their own: one as JSON, many as a zip archive, and back."""
