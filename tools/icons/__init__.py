"""Icons of the installed application, drawn from static/src/img/icon.svg."""
