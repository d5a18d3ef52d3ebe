"""One builder per file: what is asked for → tables or the context of a document."""
