"""Sharing copies: a photo as it may be published, with faces made unrecognisable by hand."""
