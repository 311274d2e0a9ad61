"""Simulated people: anatomy, biology, scanner."""
