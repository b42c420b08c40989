"""What an e-mail says and how it reaches a mail server."""
