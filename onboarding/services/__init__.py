"""The use cases: each takes a session, an actor and the moment; no Flask."""
