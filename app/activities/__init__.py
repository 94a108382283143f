"""Activities: what is held at a centre for people to learn from, tagged by the sides of the 5P.

Glossary: กิจกรรมการเรียนรู้ = activity.
"""
