"""Getting a fresh machine ready.

Only the standard library is imported here, because these modules run before anything is
installed.  Everything may be run again at any moment: a finished step leaves a stamp, an
interrupted one leaves none and is redone.
"""
