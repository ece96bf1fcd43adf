"""Full sweeps, too long for a test run; each prints date, commit and seed. CI runs a tenth among the slow tests."""
