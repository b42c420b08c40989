"""The buying policy: in force, drafted, counted and published."""
