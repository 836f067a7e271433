"""Bytes from elsewhere: downloads that go on where they stopped, clients of hubs and git, programs under limits."""
