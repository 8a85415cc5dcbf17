"""Long runs over the real store: a state machine, writers that are killed, many deciders at once. Each is a command."""
