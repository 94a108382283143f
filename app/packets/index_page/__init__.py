"""The page that opens from the packet's folder, without a server."""
