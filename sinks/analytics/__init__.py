"""Analytics platforms that are told of decisions and outcomes, by name."""

from sinks.analytics.ga4 import Ga4
from sinks.analytics.mixpanel import Mixpanel

ANALYTICS = {"mixpanel": Mixpanel, "ga4": Ga4}
"""What may stand in LOTSE_CHANNELS beside the channels: no command goes there."""
