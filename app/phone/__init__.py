"""Phone: the application as it runs on a phone without a network - shell, service worker, manifest.

The shell holds no data and is the same for everybody; what it shows comes from the phone's own
encrypted store.  Its scripts: static/src/js/{phone,outbox,vault,sync,capture,sw}.
Glossary: โหมดภาคสนาม = phone mode, กล่องรอส่ง = outbox.
"""
