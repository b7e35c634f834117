"""What is kept: articles, sentences, vectors, conversations."""
