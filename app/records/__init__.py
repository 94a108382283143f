"""Records: what the letter's other duties have in common - described once, kept once.

A kind of record (activity, document, network order, assessment, plan item, plan result, post) says
which fields it has (`fields`, `kinds`); both doors, the rules, the versions and the phone's form
follow from that.  A slice adds its table, what only it knows, and its pages.
"""
