"""Documents: any other evidence - an order, a sign-up sheet, a page of the paper book.

A document's file is kept as it came and is never shown inside a page: it is handed out to be saved.
Glossary: หลักฐานอื่น ๆ = document.
"""
