"""Fingerprints: how a picture is found again after it was cropped, turned, mirrored or re-saved.

Pure functions from pixels to keys, and the tables that answer which photos share keys.  Knows
no photo's meaning: what a match says about a record is for `app.findings`.
"""
