"""How good annotations and proposals are: agreement, suspected label errors, what became of proposals."""
