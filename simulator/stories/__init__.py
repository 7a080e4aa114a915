"""What people set out to do, and how it goes: one function a story, from the first look to the outcome."""
