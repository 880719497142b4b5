"""Dossiers: capture to delivery."""
