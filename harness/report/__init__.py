"""Records to boards to pages. Reads records and manifests only; never imports torch."""
