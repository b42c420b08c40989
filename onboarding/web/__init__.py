"""The pages: parse, call one service in one unit of work, answer."""
