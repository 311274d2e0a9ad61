"""A scan in: read and checked, brain extracted, bias corrected, brought to the template; a volume out."""
