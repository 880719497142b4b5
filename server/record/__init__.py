"""The record: accounts, grants, dossiers, journal, jobs. The only place with SQL of the product."""
