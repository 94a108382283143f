"""Which recipe renditions are made by.  Apart, so that the web process need load no decoder."""

# Grows when renditions would come out differently; `flask photo reprocess` follows.
# 1: view and thumbnail.  2: stamped picture, placeholder, measures, fingerprints, sRGB.
RECIPE = 2
