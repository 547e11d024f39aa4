"""Made-up communities with known habits and known response to help: whether the report tells the truth about them."""
