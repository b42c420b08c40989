"""How a webhook reaches its receiver: the signature, the address, and the request itself."""
