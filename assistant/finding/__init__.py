"""Question -> ranked sentences."""
