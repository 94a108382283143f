"""Proof from outside: bandit, semgrep with our own rules, and wapiti against the running product.

Only bandit is among the developers' packages.  The other two pin much that we use ourselves, so
each gets an environment of its own, made when it is first asked for.
"""
