"""What is expected to be won, who said so, and how the pipeline changed."""
