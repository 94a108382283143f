"""Findings: what there is to ask about a photo, and what was answered and decided.

A finding is a question with its facts, never an accusation and never a refusal.  The people of
the centre answer it once; the reviewer decides.
"""
