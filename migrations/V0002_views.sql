-- Views for a stock sqlite3 shell. docs/schema.md explains them.
SELECT 1;
