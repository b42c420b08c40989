"""Where values are loaded and changes recorded; nothing here commits."""
