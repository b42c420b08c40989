"""What is owed to people, and mail from there to their answers."""
