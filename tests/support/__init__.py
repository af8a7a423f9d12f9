"""What tests stand on: a real browser, a real PostgreSQL. Listed as plugins in tests/conftest.py."""
