"""The version of the core: a proof by replay holds for one version only."""

VERSION = "0.2.0"
