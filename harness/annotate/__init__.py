"""What annotators are given and asked, and what models say of their labels."""
