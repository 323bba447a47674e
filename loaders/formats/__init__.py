"""Formats other than CSV: workbooks, XML and JSON as named UTF-8 tables that are then read like any CSV."""
