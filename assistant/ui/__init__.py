"""The chat's page: what a reader sees and does; `assistant.server` serves it."""
