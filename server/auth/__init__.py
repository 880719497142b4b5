"""Who may do what: keys, sealing, passkeys, sessions, grants and the one way to unseal."""
