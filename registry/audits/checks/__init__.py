"""The audits that a card can ask for under `audit`, one file each; the contract is `registry.audits.finding`."""
