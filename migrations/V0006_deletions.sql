-- What was deleted and can be brought back until its time is over, or until gc. docs/schema.md explains it.

CREATE TABLE deletion (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    detail TEXT NOT NULL,
    last_version INTEGER NOT NULL CHECK (last_version >= 0),
    last_evaluation INTEGER NOT NULL CHECK (last_evaluation >= 0),
    runs INTEGER NOT NULL CHECK (runs >= 0),
    pieces INTEGER NOT NULL CHECK (pieces >= 0),
    tensors INTEGER NOT NULL CHECK (tensors >= 0),
    created INTEGER NOT NULL,
    until INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- A deleted run. `segments` of its segments are still in their table, with their losses and epochs; 0 if they were moved
-- to pieces, because a run of this number was restored from an archive.
CREATE TABLE deleted_run (
    deletion INTEGER NOT NULL REFERENCES deletion (id),
    run INTEGER NOT NULL CHECK (run >= 1),
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    spec BLOB NOT NULL REFERENCES spec (hash),
    dataset BLOB NOT NULL REFERENCES dataset (hash),
    segments INTEGER NOT NULL CHECK (segments >= 0),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (deletion, run)
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_run_by_run ON deleted_run (run);

-- Rows of one table, as they were, with their seals.
CREATE TABLE deleted_piece (
    deletion INTEGER NOT NULL REFERENCES deletion (id),
    piece INTEGER NOT NULL CHECK (piece >= 1),
    source TEXT NOT NULL,
    columns TEXT NOT NULL,
    count INTEGER NOT NULL CHECK (count >= 1),
    rows BLOB NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (deletion, piece)
) STRICT;

-- A tensor that the rows name, so that gc keeps it.
CREATE TABLE deleted_tensor (
    deletion INTEGER NOT NULL REFERENCES deletion (id),
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (deletion, tensor)
) STRICT, WITHOUT ROWID;
CREATE INDEX deleted_tensor_by_tensor ON deleted_tensor (tensor);

-- How many deletions can be undone; NULL before the first.
ALTER TABLE registry ADD COLUMN deletions INTEGER;

-- The segments of a deleted run stay here as long as its deletion can be undone. SQLite cannot change a column's
-- constraints: the table is made anew, without a reference to the run, and its rows put back.
CREATE TEMP TABLE segment_rows AS SELECT * FROM segment;
DROP TABLE segment;
CREATE TABLE segment (
    run INTEGER NOT NULL,
    number INTEGER NOT NULL CHECK (number >= 1),
    parent_run INTEGER,
    parent_segment INTEGER,
    first_iteration INTEGER NOT NULL CHECK (first_iteration >= 1),
    first_epoch INTEGER NOT NULL CHECK (first_epoch >= 1),
    epoch_start INTEGER NOT NULL CHECK (epoch_start >= 0),
    iterations_per_epoch INTEGER NOT NULL CHECK (iterations_per_epoch >= 1),
    step_origin INTEGER NOT NULL,
    iterations INTEGER NOT NULL CHECK (iterations >= 0),
    kept_iterations INTEGER NOT NULL CHECK (kept_iterations >= 0),
    epochs INTEGER NOT NULL CHECK (epochs >= 0),
    kept_epochs INTEGER NOT NULL CHECK (kept_epochs >= 0),
    keyframes INTEGER NOT NULL CHECK (keyframes >= 0),
    chain_start BLOB NOT NULL CHECK (length(chain_start) = 32),
    chain_end BLOB NOT NULL CHECK (length(chain_end) = 32),
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, number),
    FOREIGN KEY (parent_run, parent_segment) REFERENCES segment (run, number)
) STRICT, WITHOUT ROWID;
INSERT INTO segment SELECT * FROM segment_rows;
DROP TABLE segment_rows;
CREATE INDEX segment_by_parent ON segment (parent_run, parent_segment);

CREATE VIEW deletions AS
SELECT id AS deletion, subject, strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS deleted,
    strftime('%Y-%m-%dT%H:%M:%fZ', until / 1e6, 'unixepoch') AS until
FROM deletion;

-- As in the first schema, without the epochs and losses of deleted runs.
DROP VIEW all_epochs;
DROP VIEW all_iterations;

CREATE VIEW all_epochs AS
SELECT run, segment, epoch, iteration, loss, val_loss, val_score, seconds FROM epoch
WHERE EXISTS (SELECT 1 FROM run WHERE run.id = epoch.run);

CREATE VIEW all_iterations AS
WITH RECURSIVE
    slot (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM slot WHERE i < 4095),
    scale (exponent, factor) AS (
        SELECT 0, 1.0 / (1 << 62) / (1 << 62) / (1 << 25)
        UNION ALL
        SELECT exponent + 1, CASE WHEN exponent = 0 THEN factor ELSE 2 * factor END FROM scale WHERE exponent < 254
    )
SELECT b.run, b.segment, b.first_iteration + i AS iteration,
    s.first_epoch + (b.first_iteration + i - 1 - s.epoch_start) / s.iterations_per_epoch AS epoch,
    (
        SELECT CASE
            WHEN (bits >> 23 & 255) < 255 THEN
                (1 - 2 * (bits >> 31)) * ((bits & 8388607) + 8388608 * ((bits >> 23 & 255) > 0))
                * (SELECT factor FROM scale WHERE exponent = (bits >> 23 & 255))
            WHEN (bits & 8388607) = 0 THEN (1 - 2 * (bits >> 31)) * 9e999
            END
        FROM (
            SELECT (instr('123456789ABCDEF', substr(h, 1, 1)) << 4) | instr('123456789ABCDEF', substr(h, 2, 1))
                | (instr('123456789ABCDEF', substr(h, 3, 1)) << 12) | (instr('123456789ABCDEF', substr(h, 4, 1)) << 8)
                | (instr('123456789ABCDEF', substr(h, 5, 1)) << 20) | (instr('123456789ABCDEF', substr(h, 6, 1)) << 16)
                | (instr('123456789ABCDEF', substr(h, 7, 1)) << 28) | (instr('123456789ABCDEF', substr(h, 8, 1)) << 24)
                AS bits
            FROM (SELECT hex(substr(b.losses, 4 * i + 1, 4)) AS h LIMIT 1) LIMIT 1
        )
    ) AS loss,
    (
        SELECT lower(substr(h, 7, 2) || substr(h, 5, 2) || substr(h, 3, 2) || substr(h, 1, 2))
        FROM (SELECT hex(substr(b.losses, 4 * i + 1, 4)) AS h LIMIT 1)
    ) AS loss_bits
FROM iteration_block AS b JOIN segment AS s ON s.run = b.run AND s.number = b.segment JOIN slot ON i < b.count
WHERE EXISTS (SELECT 1 FROM run WHERE run.id = b.run);
