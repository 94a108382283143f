"""Plans: a district's plan of items - centre, side of the 5P, strategy - and what came of each.

Results and progress are reported on the plan's own rows, again and again; each report is kept.
Glossary: แผน = plan, รายการในแผน = plan item, ผลตามแผน = plan result.
"""
