"""Speed and memory of the simulator beside its peers, measured side by side."""
