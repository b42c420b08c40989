"""The demo: a seeded customer, a mail server that catches what is sent, and a time machine."""
