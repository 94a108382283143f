"""Backups: database, files and keys in one folder, and back again - without whom we forgot.

Entry points: cli.py (`flask backup`, `flask restore`).
"""
