"""The web door of selling: board, deals, leads, processes."""
