"""Long trials of load and faults: `python -m tests.soak NAME --out assets/benchmark/soak.md`."""
