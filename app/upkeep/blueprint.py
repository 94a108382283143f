"""The blueprint of what whoever runs the product looks at."""

from flask import Blueprint

bp = Blueprint("upkeep", __name__)
