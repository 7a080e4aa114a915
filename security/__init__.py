"""Protection: private files, no telemetry, and a guard in front of web servers."""
