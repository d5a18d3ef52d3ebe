"""The floor: imports no app and has no models."""
