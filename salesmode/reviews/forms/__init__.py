"""What people fill in about reviews, plans, challenges and thanks; forms parse, operations save."""
