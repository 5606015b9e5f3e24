"""From the words of claims to places, days, sides and voices."""

from heldby.resolve.stage import RULES_VERSION, Resolver, ResolverTables, resolve_readings

__all__ = ["RULES_VERSION", "Resolver", "ResolverTables", "resolve_readings"]
