"""Upkeep: what keeps promises when something died - the sweeper, the seal, the health answers.

Redis is a doorbell; rows are the truth.  Every few seconds the sweeper rings again for rows
that wait: photos not processed, packets not built, because a worker, Redis or the machine died.
"""
