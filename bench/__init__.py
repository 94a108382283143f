"""Figures for the docs: run by hand, each prints what it measured."""
