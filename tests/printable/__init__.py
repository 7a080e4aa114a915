"""What is quoted is escaped, by everything that quotes."""
