"""Photos: original pictures from the field, and what was made from them.

An original is kept byte for byte and never shown; pages show renditions, which carry no trace
of where they were taken.  What a file says about itself (when, where, which camera) is read
into columns and judged as questions for a person, never as a verdict.

Glossary: ภาพถ่าย = photo, ต้นฉบับ = original, ภาพย่อ = rendition.
From bytes to picture: sniff (what is it) -> exif (what does it say) -> pipeline (make it
visible).  Entry points: service.py (receive), claims.py (claim, finish), jobs.py, then routes.py.
"""
