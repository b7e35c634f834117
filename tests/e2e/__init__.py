"""Journeys through the chat in a real browser."""
