"""English as word lists and patterns know it: words, names, noun phrases, verbs of speech."""
