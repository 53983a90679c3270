"""The roll's file as people make it: text in any encoding, or a workbook, read row by row."""
