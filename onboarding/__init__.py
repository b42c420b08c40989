"""Supplier onboarding and improvement pathways for social procurement."""
