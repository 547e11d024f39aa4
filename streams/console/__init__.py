"""The operators' console: a store fed from the log, accounts, and pages over both."""
