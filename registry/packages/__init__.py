"""How each package registry is asked for one file, one module each."""
