"""Settings of the model that turn it into models whose answer is known."""
