"""Pages of figures and of the files that leave."""
