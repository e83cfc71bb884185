"""Run the model many times and say what came out."""
