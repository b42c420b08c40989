"""Pathways: composed, negotiated, walked, amended, paused and read."""
