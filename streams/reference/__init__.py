"""References that are made from the code: settings, events, commands, reasons, command line, and AsyncAPI."""
