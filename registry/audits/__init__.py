"""Audits of published rows that go deeper than the proof of `registry.audit`, inside a card and between cards."""
