"""What the emulated service holds: rows, and the rules that keep them true. Nothing here knows HTTP."""
