"""The answers that the pages and endpoints of managing people show."""
