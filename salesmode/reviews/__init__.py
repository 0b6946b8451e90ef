"""The rhythm of managing: reports, meetings, reviews, recognition."""
