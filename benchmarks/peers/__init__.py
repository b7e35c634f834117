"""Search over articles with what else a user could install, beside ours: the same sentences, model and machine, in one run."""
