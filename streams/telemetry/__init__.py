"""What operators see: metrics, logging and health answers."""
