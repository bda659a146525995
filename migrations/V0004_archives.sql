-- What stays where weights went to an archive. docs/schema.md explains it.

CREATE TABLE archive (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    digest BLOB NOT NULL CHECK (length(digest) = 32),
    subject TEXT NOT NULL,
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    tensors INTEGER NOT NULL CHECK (tensors >= 0),
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- A tensor that is in an archive and has no chunks here, though keyframes and versions still name it.
CREATE TABLE archived_tensor (
    tensor BLOB PRIMARY KEY NOT NULL REFERENCES tensor (sha256),
    archive INTEGER NOT NULL REFERENCES archive (id),
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;
CREATE INDEX archived_tensor_by_archive ON archived_tensor (archive);

-- How many archives are named; NULL before the first.
ALTER TABLE registry ADD COLUMN archives INTEGER;

CREATE VIEW archives AS
SELECT id AS archive, subject, path, lower(hex(digest)) AS digest, bytes, tensors,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM archive;
