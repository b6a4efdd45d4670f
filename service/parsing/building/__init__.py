"""What the rows of every grammar build: small named functions from words to values."""
