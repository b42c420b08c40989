"""The REST interface for other people's programs."""
