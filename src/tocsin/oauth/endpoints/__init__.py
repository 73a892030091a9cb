"""What clients ask without a browser: tokens, registration, metadata. No cookie is looked at."""
