"""How to mend a store that cannot be used."""

MEND = "Check PETGEN_STORE_URL, that the database can be reached and written, and that the disk is not full."
