"""Calendars (iCalendar): what takes place when, and keeping it announced."""
