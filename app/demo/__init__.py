"""Demo: a province that never was, told through the same services that real records use.

People, villages, groups and telephone numbers are invented; only the official areas are real.
Everything follows from the story and the day, so a second run adds nothing, and a run on a
later day adds only the days in between.  Refused in production.

Entry points: service.seed_demo, then cli.py.  The pictures are drawn by `pictures`.
"""
