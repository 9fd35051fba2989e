"""Measurements of stations as their archives hold them: sensors, their records, and means of days and steps."""
