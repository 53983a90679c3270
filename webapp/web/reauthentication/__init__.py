"""The present password asked again, before what is sensitive."""
