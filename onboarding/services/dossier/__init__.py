"""All that is kept of one supplier, as it was on any day, and whether it is as it was written."""
