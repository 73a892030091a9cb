"""Sites and their monitoring settings."""
