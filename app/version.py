"""The version of this app, the same as in `pyproject.toml`. It is sealed into every state: an older app refuses a newer state."""

VERSION = "0.1.0"
