-- The first schema. docs/schema.md explains it; times are microseconds since 1970 (UTC), hashes 32 bytes, UUIDs 16.
-- `seal` is the hash of the row's other columns, renewed by whoever writes the row. Columns that count rows of
-- another table make a missing row noticeable. Floats that matter are kept as bits beside the REAL that SQL reads.

CREATE TABLE registry (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    last_run INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    models INTEGER NOT NULL,
    specs INTEGER NOT NULL,
    datasets INTEGER NOT NULL,
    events INTEGER NOT NULL,
    tags INTEGER NOT NULL,
    notes INTEGER NOT NULL,
    pins INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- Content, named by its hash -----------------------------------------------------------------------------------

CREATE TABLE chunk (
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    data BLOB NOT NULL CHECK (length(data) BETWEEN 1 AND 1048576)
) STRICT;

CREATE TABLE tensor (
    sha256 BLOB PRIMARY KEY NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE tensor_chunk (
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    part INTEGER NOT NULL CHECK (part >= 0),
    chunk BLOB NOT NULL REFERENCES chunk (sha256),
    PRIMARY KEY (tensor, part)
) STRICT, WITHOUT ROWID;
CREATE INDEX tensor_chunk_by_chunk ON tensor_chunk (chunk);

CREATE TABLE dataset (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    name TEXT NOT NULL,
    source_path TEXT NOT NULL,
    rows INTEGER NOT NULL CHECK (rows >= 0),
    columns INTEGER NOT NULL CHECK (columns >= 0),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    stored INTEGER NOT NULL CHECK (stored IN (0, 1)),
    complete INTEGER NOT NULL CHECK (complete IN (0, 1)),
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

-- The tensor of a stored column has the column's hash.
CREATE TABLE dataset_column (
    dataset BLOB NOT NULL REFERENCES dataset (hash),
    position INTEGER NOT NULL CHECK (position >= 0),
    name TEXT NOT NULL,
    type TEXT NOT NULL CHECK (type IN ('f64', 'f32', 'u8', 'text')),
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes >= 0),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (dataset, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX dataset_column_by_hash ON dataset_column (sha256);

CREATE TABLE spec (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    json TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

-- Models and runs ----------------------------------------------------------------------------------------------

CREATE TABLE model (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 128),
    current_version INTEGER,
    last_version INTEGER NOT NULL,
    versions INTEGER NOT NULL,
    aliases INTEGER NOT NULL,
    runs INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    FOREIGN KEY (id, current_version) REFERENCES version (model, number) DEFERRABLE INITIALLY DEFERRED
) STRICT;

-- From `iterations` to `seconds` it is the summary of the line that ends in the head, kept by each commit.
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    model INTEGER NOT NULL REFERENCES model (id),
    spec BLOB NOT NULL REFERENCES spec (hash),
    dataset BLOB NOT NULL REFERENCES dataset (hash),
    has_validation INTEGER NOT NULL CHECK (has_validation IN (0, 1)),
    score_name TEXT,
    head_segment INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    segments INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    settings INTEGER NOT NULL,
    versions INTEGER NOT NULL,
    evaluations INTEGER NOT NULL,
    iterations INTEGER NOT NULL CHECK (iterations >= 0),
    epochs INTEGER NOT NULL CHECK (epochs >= 0),
    last_loss REAL,
    last_loss_bits INTEGER,
    loss REAL,
    loss_bits INTEGER,
    val_loss REAL,
    val_loss_bits INTEGER,
    val_score REAL,
    val_score_bits INTEGER,
    best_epoch INTEGER,
    best_iteration INTEGER,
    best_val_loss REAL,
    best_val_loss_bits INTEGER,
    seconds REAL NOT NULL,
    status TEXT CHECK (status IN ('finished', 'stopped', 'diverged', 'failed')),
    reason TEXT,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    ended INTEGER,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    FOREIGN KEY (id, head_segment) REFERENCES segment (run, number) DEFERRABLE INITIALLY DEFERRED
) STRICT;
CREATE INDEX run_by_model ON run (model);

CREATE TABLE setting (
    run INTEGER NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('number', 'integer', 'text', 'bool')),
    number REAL,
    text TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- `iterations` and `epochs` were recorded, `kept_…` of them are still held (gc frees what is superseded).
CREATE TABLE segment (
    run INTEGER NOT NULL REFERENCES run (id),
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
CREATE INDEX segment_by_parent ON segment (parent_run, parent_segment);

CREATE TABLE attempt (
    run INTEGER NOT NULL REFERENCES run (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    segment INTEGER NOT NULL,
    host TEXT NOT NULL,
    boot TEXT NOT NULL,
    pid_namespace TEXT NOT NULL,
    pid INTEGER NOT NULL,
    process_start INTEGER NOT NULL,
    lease_until INTEGER NOT NULL,
    threads INTEGER NOT NULL,
    instruction_set TEXT NOT NULL,
    durability TEXT NOT NULL CHECK (durability IN ('full', 'normal', 'off')),
    keep TEXT NOT NULL,
    epoch_limit INTEGER NOT NULL,
    keyframe_policy TEXT NOT NULL,
    environment TEXT NOT NULL,
    first_iteration INTEGER,
    last_iteration INTEGER,
    started INTEGER NOT NULL,
    ended INTEGER,
    status TEXT CHECK (status IN ('interrupted', 'finished', 'stopped', 'diverged', 'failed')),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, number),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT, WITHOUT ROWID;

-- The series ---------------------------------------------------------------------------------------------------

-- 4,096 losses a block from the segment's start, little-endian float32; only a segment's last block may be short.
CREATE TABLE iteration_block (
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    block INTEGER NOT NULL CHECK (block >= 0),
    first_iteration INTEGER NOT NULL CHECK (first_iteration >= 1),
    count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 4096),
    chain BLOB NOT NULL CHECK (length(chain) = 32),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    losses BLOB NOT NULL CHECK (length(losses) = 4 * count),
    PRIMARY KEY (run, segment, block),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT;

CREATE TABLE epoch (
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    epoch INTEGER NOT NULL CHECK (epoch >= 1),
    iteration INTEGER NOT NULL CHECK (iteration >= 1),
    loss REAL,
    loss_bits INTEGER NOT NULL,
    val_loss REAL,
    val_loss_bits INTEGER,
    val_score REAL,
    val_score_bits INTEGER,
    seconds REAL NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, segment, epoch),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE keyframe (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    epoch INTEGER NOT NULL CHECK (epoch >= 0),
    kind TEXT NOT NULL CHECK (kind IN ('full', 'weights')),
    role TEXT NOT NULL CHECK (role IN ('start', 'spaced', 'best', 'end', 'pinned')),
    state TEXT NOT NULL CHECK (state IN ('pending', 'complete')),
    optimizer_step INTEGER NOT NULL,
    stopping TEXT NOT NULL,
    tensors INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    cost REAL NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    UNIQUE (run, segment, iteration, role),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number),
    FOREIGN KEY (run, attempt) REFERENCES attempt (run, number)
) STRICT;

CREATE TABLE keyframe_tensor (
    keyframe INTEGER NOT NULL REFERENCES keyframe (id),
    name TEXT NOT NULL,
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (keyframe, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX keyframe_tensor_by_tensor ON keyframe_tensor (tensor);

-- Versions and what people say about things --------------------------------------------------------------------

CREATE TABLE version (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    model INTEGER NOT NULL REFERENCES model (id),
    number INTEGER NOT NULL CHECK (number >= 1),
    run INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    epoch INTEGER NOT NULL CHECK (epoch >= 0),
    description TEXT NOT NULL,
    metrics TEXT NOT NULL,
    tensors INTEGER NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    UNIQUE (model, number),
    UNIQUE (run, attempt),
    FOREIGN KEY (run, attempt) REFERENCES attempt (run, number),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT;

CREATE TABLE version_tensor (
    version INTEGER NOT NULL REFERENCES version (id),
    name TEXT NOT NULL,
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX version_tensor_by_tensor ON version_tensor (tensor);

CREATE TABLE alias (
    model INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name NOT IN ('last', 'best', 'current')),
    version INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (model, name),
    FOREIGN KEY (model, version) REFERENCES version (model, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE evaluation (
    id INTEGER PRIMARY KEY,
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    version INTEGER REFERENCES version (id),
    split TEXT NOT NULL,
    loss REAL,
    loss_bits INTEGER NOT NULL,
    scores TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT;
CREATE INDEX evaluation_by_run ON evaluation (run);

CREATE TABLE pin (
    run INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    iteration INTEGER NOT NULL CHECK (iteration >= 0),
    reason TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, segment, iteration),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number)
) STRICT, WITHOUT ROWID;

-- A subject is written as in `event`.
CREATE TABLE tag (
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- Appended to, never changed. Subjects: registry, run:7, model:iris, version:iris:3, dataset:<hash>.
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;
CREATE INDEX event_by_subject ON event (subject);
