"""Verification: whoever holds a photo of ours can learn what it is worth, without an account."""
