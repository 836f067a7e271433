"""Code of others: programs, prediction files, scripts of the evaluate library."""
