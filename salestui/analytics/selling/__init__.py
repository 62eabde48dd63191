"""What is won and lost: of which products, against whom, how fast, by what activity."""
