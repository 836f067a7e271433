"""Files to tables: archives and their members, encodings, and what several formats share."""
