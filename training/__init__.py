"""How the shipped reader model is made. Not part of the package."""
