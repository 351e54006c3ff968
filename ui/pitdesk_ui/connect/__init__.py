"""Adding an account: key id, private key, the question to the exchange, and the keyring."""
