"""Raw files to rows, one format a file. The contract is `registry.reader`."""
