"""CouchDB replication layer: documents, revisions, attachments. Knows nothing of licences."""
