"""Assessments: how far a centre has come - points by criterion, a grade, and the history of both.

Three grades stand side by side: computed from the points, proposed by the assessor, decided by the
reviewer with a reason.  Glossary: การประเมินศักยภาพ = assessment.
"""
