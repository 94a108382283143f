"""The report of a packet: chapters of text and tables, set by Typst, bound into one PDF."""
