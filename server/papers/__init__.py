"""Papers as PDF: takes an edition of a form and values, gives bytes. Knows no dossier."""
