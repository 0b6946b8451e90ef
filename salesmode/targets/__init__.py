"""What people are to reach, how far they are, and who is told when they fall behind."""
