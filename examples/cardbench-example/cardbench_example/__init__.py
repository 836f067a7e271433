"""Labels that have an order: what a package of your own looks like that adds to cardbench."""
