"""Board: the page someone lands on - what this quarter holds, by unit, and what to do next.

A reviewer sees districts, an officer centres, a volunteer their own centre.
Glossary: กระดานไตรมาส = board.
"""
