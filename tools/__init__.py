"""What surrounds the application: setting up, starting, building.  Nothing in app/ imports it."""
