"""What a mutant is, which tests it meets, and how it is run."""
