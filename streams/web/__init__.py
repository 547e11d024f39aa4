"""What our web pages share: guards, languages, the stylesheet."""
