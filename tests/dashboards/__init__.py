"""The dashboards, by Streamlit itself and by a real browser."""
