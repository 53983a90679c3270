"""A real screen reader, heard: Orca reads the portal in Firefox and in Chromium, on a screen that
nobody sees, with a voice that writes instead of speaking (`python -m accessibility.screen_reader`).
"""
