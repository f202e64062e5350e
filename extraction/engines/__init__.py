"""Executors: the same work on one document, carried out by local processes or by something larger."""
