"""Questions of data stewards about the identity graph."""
