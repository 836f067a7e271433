"""What cleaning ops share: words, rewriting, personal data, spans that follow their text."""
