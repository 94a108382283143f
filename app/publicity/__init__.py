"""Publicity: posts on social channels, with link, own screenshot and the numbers read that day.

Glossary: การประชาสัมพันธ์ = publicity, โพสต์ = post.
"""
