"""Board: what a quarter holds and what is owed, unit by unit; the scale, the map, the home page.

A reviewer sees districts, an officer the own district with its centres, a volunteer their centre.
A cell is one round for one unit (`cells`, `sheet`); `facts` are counted for all districts at once
and `scale` judges them by whatever levels the programme names.  Glossary: กระดานไตรมาส = board.
"""
