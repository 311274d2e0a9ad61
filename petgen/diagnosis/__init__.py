"""Models of amyloid status."""
