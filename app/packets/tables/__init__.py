"""The tables of a packet, and its places on a map."""
