"""What stops a demo from starting, as a sentence for whoever typed the command."""


class DemoRefused(Exception):
    """The demo does not start; the message says what is wrong and what to do."""
