-- History that people write: versions made by hand, notes numbered for good, and the metrics of each run, so that lists
-- and queries never read the series. docs/schema.md explains it.

-- A version made by hand has no attempt; one attempt's end still makes at most one version. SQLite cannot change a
-- column's constraints: the table is made anew, and its rows put back.
CREATE TEMP TABLE version_rows AS SELECT * FROM version;
DROP TABLE version;
CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    model INTEGER NOT NULL REFERENCES model (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    run INTEGER NOT NULL,
    attempt INTEGER,
    segment INTEGER NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    epoch INTEGER NOT NULL CHECK (epoch >= 0),
    description TEXT NOT NULL,
    metrics TEXT NOT NULL,
    tensors INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    UNIQUE (model, number),
    FOREIGN KEY (run, attempt) REFERENCES attempt (run, number),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT;
INSERT INTO version SELECT * FROM version_rows;
DROP TABLE version_rows;
CREATE UNIQUE INDEX version_by_attempt ON version (run, attempt) WHERE attempt IS NOT NULL;
CREATE INDEX version_by_run ON version (run);

-- What the run's own part of its line tells of each measure: the last value, that of the best epoch, and the extremes.
-- `last_bits` are the last value's float32; a NaN is NULL in `last` and passed over by the others.
CREATE TABLE metric (
    run INTEGER NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    last REAL,
    last_bits INTEGER NOT NULL,
    best REAL,
    min REAL,
    max REAL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- How many metrics a run has; NULL until those of a run that an older bpreg recorded are worked out.
ALTER TABLE run ADD COLUMN metrics INTEGER;
CREATE INDEX run_without_metrics ON run (id) WHERE metrics IS NULL;

-- The last number given to a note, so that none is used twice; NULL before the first.
ALTER TABLE registry ADD COLUMN last_note INTEGER;
