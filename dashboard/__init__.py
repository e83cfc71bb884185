"""The pages to see, compare and share runs in a browser."""
