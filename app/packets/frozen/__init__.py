"""What a packet is made of: the list, frozen when it is asked for, and what is told from it."""
