"""The container of a packet: a signed bag in a ZIP, and who checks it."""
