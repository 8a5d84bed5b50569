"""Random overlays, and the other implementation that they are applied by."""
