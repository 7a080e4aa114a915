"""The graph's laws, the gates, refreshing, schedules and sensors, on a real instance."""
