"""Keeping one machine's processes alive: queue server, workers, clock and web server.

Standard library only.  Children are sessions of their own; on Linux they also die with the
supervisor, however it ends, and orphans of theirs come to the supervisor to be ended.
"""
