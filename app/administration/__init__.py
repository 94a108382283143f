"""Administration: pages of the administrator's desk that need several lower slices at once."""
