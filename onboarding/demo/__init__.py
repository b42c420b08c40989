"""A seeded customer to try everything on, with caught mail and a time machine."""
