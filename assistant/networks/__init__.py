"""The models that travel with the code: embedder, reader, fitted probabilities."""
