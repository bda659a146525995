-- index archived_tensor_by_archive
CREATE INDEX archived_tensor_by_archive ON archived_tensor (archive);

-- index dataset_column_by_hash
CREATE INDEX dataset_column_by_hash ON dataset_column (sha256);

-- index deleted_run_by_run
CREATE INDEX deleted_run_by_run ON deleted_run (run);

-- index deleted_tensor_by_tensor
CREATE INDEX deleted_tensor_by_tensor ON deleted_tensor (tensor);

-- index evaluation_by_run
CREATE INDEX evaluation_by_run ON evaluation (run);

-- index event_by_subject
CREATE INDEX event_by_subject ON event (subject);

-- index keyframe_tensor_by_tensor
CREATE INDEX keyframe_tensor_by_tensor ON keyframe_tensor (tensor);

-- index metric_by_name
CREATE INDEX metric_by_name ON metric (name, run);

-- index note_by_subject
CREATE INDEX note_by_subject ON note (subject);

-- index run_by_model
CREATE INDEX run_by_model ON run (model);

-- index run_by_parent
CREATE INDEX run_by_parent ON run (parent_run) WHERE parent_run IS NOT NULL;

-- index run_without_end
CREATE INDEX run_without_end ON run (id) WHERE status IS NULL;

-- index run_without_metrics
CREATE INDEX run_without_metrics ON run (id) WHERE metrics IS NULL;

-- index segment_by_parent
CREATE INDEX segment_by_parent ON segment (parent_run, parent_segment);

-- index setting_by_name
CREATE INDEX setting_by_name ON setting (name, kind, run, number, text);

-- index sqlite_autoindex_chunk_1
-- made by SQLite

-- index sqlite_autoindex_deleted_piece_1
-- made by SQLite

-- index sqlite_autoindex_iteration_block_1
-- made by SQLite

-- index sqlite_autoindex_keyframe_1
-- made by SQLite

-- index sqlite_autoindex_model_1
-- made by SQLite

-- index sqlite_autoindex_model_2
-- made by SQLite

-- index sqlite_autoindex_run_1
-- made by SQLite

-- index sqlite_autoindex_version_1
-- made by SQLite

-- index sqlite_autoindex_version_2
-- made by SQLite

-- index tensor_chunk_by_chunk
CREATE INDEX tensor_chunk_by_chunk ON tensor_chunk (chunk);

-- index version_by_attempt
CREATE UNIQUE INDEX version_by_attempt ON version (run, attempt) WHERE attempt IS NOT NULL;

-- index version_by_run
CREATE INDEX version_by_run ON version (run);

-- index version_tensor_by_tensor
CREATE INDEX version_tensor_by_tensor ON version_tensor (tensor);

-- table alias
CREATE TABLE alias (
    model INTEGER NOT NULL,
    name TEXT NOT NULL CHECK (name NOT IN ('last', 'best', 'current')),
    version INTEGER NOT NULL,
    moved INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (model, name),
    FOREIGN KEY (model, version) REFERENCES version (model, number)
) STRICT, WITHOUT ROWID;

-- table archive
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

-- table archived_tensor
CREATE TABLE archived_tensor (
    tensor BLOB PRIMARY KEY NOT NULL REFERENCES tensor (sha256),
    archive INTEGER NOT NULL REFERENCES archive (id),
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

-- table attempt
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

-- table chunk
CREATE TABLE chunk (
    sha256 BLOB NOT NULL UNIQUE CHECK (length(sha256) = 32),
    data BLOB NOT NULL CHECK (length(data) BETWEEN 1 AND 1048576)
) STRICT;

-- table dataset
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

-- table dataset_column
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

-- table deleted_piece
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

-- table deleted_run
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

-- table deleted_tensor
CREATE TABLE deleted_tensor (
    deletion INTEGER NOT NULL REFERENCES deletion (id),
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (deletion, tensor)
) STRICT, WITHOUT ROWID;

-- table deletion
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

-- table epoch
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

-- table evaluation
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

-- table event
CREATE TABLE event (
    id INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    subject TEXT NOT NULL,
    kind TEXT NOT NULL,
    detail TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- table iteration_block
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

-- table keyframe
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
    tensors INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    cost REAL NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    UNIQUE (run, segment, iteration, role),
    FOREIGN KEY (run, segment) REFERENCES segment (run, number),
    FOREIGN KEY (run, attempt) REFERENCES attempt (run, number)
) STRICT;

-- table keyframe_tensor
CREATE TABLE keyframe_tensor (
    keyframe INTEGER NOT NULL REFERENCES keyframe (id),
    name TEXT NOT NULL,
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (keyframe, name)
) STRICT, WITHOUT ROWID;

-- table metric
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

-- table migration
CREATE TABLE migration (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL) STRICT;

-- table model
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

-- table note
CREATE TABLE note (
    id INTEGER PRIMARY KEY,
    subject TEXT NOT NULL,
    text TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT;

-- table pin
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

-- table registry
CREATE TABLE registry (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    uuid BLOB NOT NULL CHECK (length(uuid) = 16),
    last_run INTEGER NOT NULL,
    last_model INTEGER NOT NULL,
    last_keyframe INTEGER NOT NULL,
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
, last_note INTEGER, archives INTEGER, deletions INTEGER) STRICT;

-- table run
CREATE TABLE run (
    id INTEGER PRIMARY KEY,
    uuid BLOB NOT NULL UNIQUE CHECK (length(uuid) = 16),
    model INTEGER NOT NULL REFERENCES model (id),
    spec BLOB NOT NULL REFERENCES spec (hash),
    dataset BLOB NOT NULL REFERENCES dataset (hash),
    parent_run INTEGER,
    parent_segment INTEGER,
    parent_iteration INTEGER,
    iterations_per_epoch INTEGER NOT NULL CHECK (iterations_per_epoch >= 1),
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
    seal BLOB NOT NULL CHECK (length(seal) = 32), metrics INTEGER, reading TEXT,
    FOREIGN KEY (id, head_segment) REFERENCES segment (run, number) DEFERRABLE INITIALLY DEFERRED,
    FOREIGN KEY (parent_run, parent_segment) REFERENCES segment (run, number)
) STRICT;

-- table segment
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

-- table setting
CREATE TABLE setting (
    run INTEGER NOT NULL REFERENCES run (id),
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('number', 'integer', 'text', 'bool')),
    number REAL,
    text TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (run, name)
) STRICT, WITHOUT ROWID;

-- table spec
CREATE TABLE spec (
    hash BLOB PRIMARY KEY NOT NULL CHECK (length(hash) = 32),
    json TEXT NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32)
) STRICT, WITHOUT ROWID;

-- table tag
CREATE TABLE tag (
    subject TEXT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    created INTEGER NOT NULL,
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (subject, name)
) STRICT, WITHOUT ROWID;

-- table tensor
CREATE TABLE tensor (
    sha256 BLOB PRIMARY KEY NOT NULL CHECK (length(sha256) = 32),
    bytes INTEGER NOT NULL CHECK (bytes >= 0)
) STRICT, WITHOUT ROWID;

-- table tensor_chunk
CREATE TABLE tensor_chunk (
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    part INTEGER NOT NULL CHECK (part >= 0),
    chunk BLOB NOT NULL REFERENCES chunk (sha256),
    PRIMARY KEY (tensor, part)
) STRICT, WITHOUT ROWID;

-- table version
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

-- table version_tensor
CREATE TABLE version_tensor (
    version INTEGER NOT NULL REFERENCES version (id),
    name TEXT NOT NULL,
    tensor BLOB NOT NULL REFERENCES tensor (sha256),
    seal BLOB NOT NULL CHECK (length(seal) = 32),
    PRIMARY KEY (version, name)
) STRICT, WITHOUT ROWID;

-- view aliases
CREATE VIEW aliases AS
SELECT model.name AS model, alias.name AS alias, alias.version,
    strftime('%Y-%m-%dT%H:%M:%fZ', alias.moved / 1e6, 'unixepoch') AS moved
FROM alias JOIN model ON model.id = alias.model;

-- view all_epochs
CREATE VIEW all_epochs AS
SELECT run, segment, epoch, iteration, loss, val_loss, val_score, seconds FROM epoch
WHERE EXISTS (SELECT 1 FROM run WHERE run.id = epoch.run);

-- view all_iterations
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

-- view ancestors
CREATE VIEW ancestors (run, ancestor, distance) AS
WITH RECURSIVE up (run, ancestor, distance) AS (
    SELECT id, parent_run, 1 FROM run WHERE parent_run IS NOT NULL
    UNION
    SELECT up.run, run.parent_run, up.distance + 1
    FROM up JOIN run ON run.id = up.ancestor
    WHERE run.parent_run IS NOT NULL AND up.distance < 1000
)
SELECT run, ancestor, distance FROM up;

-- view archives
CREATE VIEW archives AS
SELECT id AS archive, subject, path, lower(hex(digest)) AS digest, bytes, tensors,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM archive;

-- view attempts
CREATE VIEW attempts AS
SELECT run, number AS attempt, segment, status, host, pid, threads, instruction_set, durability, keep, epoch_limit,
    first_iteration, last_iteration, strftime('%Y-%m-%dT%H:%M:%fZ', started / 1e6, 'unixepoch') AS started,
    strftime('%Y-%m-%dT%H:%M:%fZ', ended / 1e6, 'unixepoch') AS ended
FROM attempt;

-- view datasets
CREATE VIEW datasets AS
SELECT lower(hex(hash)) AS dataset, name, source_path AS source, rows, columns, bytes, stored,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM dataset WHERE complete = 1;

-- view deletions
CREATE VIEW deletions AS
SELECT id AS deletion, subject, strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS deleted,
    strftime('%Y-%m-%dT%H:%M:%fZ', until / 1e6, 'unixepoch') AS until
FROM deletion;

-- view epochs
CREATE VIEW epochs AS
SELECT line.run, line.part_run, e.segment, e.epoch, e.iteration, e.loss, e.val_loss, e.val_score, e.seconds
FROM line JOIN epoch AS e ON e.run = line.part_run AND e.segment = line.segment
WHERE e.iteration <= line.last_iteration AND e.epoch <= line.last_epoch;

-- view evaluations
CREATE VIEW evaluations AS
SELECT e.run, e.segment, e.iteration, model.name AS model, version.number AS version, e.split, e.loss, e.scores,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.created / 1e6, 'unixepoch') AS created
FROM evaluation AS e LEFT JOIN version ON version.id = e.version LEFT JOIN model ON model.id = version.model;

-- view events
CREATE VIEW events AS
SELECT id AS event, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1e6, 'unixepoch') AS at, subject, kind, detail FROM event;

-- view iterations
CREATE VIEW iterations AS
SELECT line.run, line.part_run, i.segment, i.iteration, i.epoch, i.loss, i.loss_bits
FROM line JOIN all_iterations AS i ON i.run = line.part_run AND i.segment = line.segment
WHERE i.iteration <= line.last_iteration;

-- view keyframes
CREATE VIEW keyframes AS
SELECT run, segment, iteration, epoch, kind, role, bytes,
    (SELECT lower(hex(tensor)) FROM keyframe_tensor AS t WHERE t.keyframe = keyframe.id AND t.name = 'parameters')
        AS weights_sha256,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM keyframe WHERE state = 'complete';

-- view line
CREATE VIEW line (run, part_run, segment, first_iteration, last_iteration, last_epoch) AS
WITH RECURSIVE part (run, part_run, segment, last, last_epoch) AS (
    SELECT id, id, head_segment, 9223372036854775807, 9223372036854775807 FROM run
    UNION
    SELECT part.run, s.parent_run, s.parent_segment, min(part.last, s.first_iteration - 1),
        min(part.last_epoch, s.first_epoch - 1)
    FROM part JOIN segment AS s ON s.run = part.part_run AND s.number = part.segment
    WHERE s.parent_run IS NOT NULL
)
SELECT part.run, part.part_run, part.segment, s.first_iteration,
    min(part.last, s.first_iteration + s.iterations - 1), min(part.last_epoch, s.first_epoch + s.epochs - 1)
FROM part JOIN segment AS s ON s.run = part.part_run AND s.number = part.segment;

-- view metrics
CREATE VIEW metrics AS
SELECT run, name, last, best, min, max FROM metric;

-- view models
CREATE VIEW models AS
SELECT name AS model, current_version, versions, aliases, runs,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM model;

-- view notes
CREATE VIEW notes AS
SELECT id AS note, subject, CASE WHEN subject LIKE 'run:%' THEN CAST(substr(subject, 5) AS INTEGER) END AS run, text,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM note;

-- view pins
CREATE VIEW pins AS
SELECT run, segment, iteration, reason AS name, strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM pin;

-- view runs
CREATE VIEW runs AS
SELECT run.id AS run, model.name AS model,
    coalesce(run.status, CASE
        WHEN attempt.ended IS NULL AND attempt.lease_until > CAST(strftime('%s', 'now') AS INTEGER) * 1000000
        THEN 'running' ELSE 'interrupted' END) AS status,
    run.iterations, run.epochs, run.loss, run.val_loss, run.val_score, run.score_name,
    run.best_epoch, run.best_iteration, run.best_val_loss, run.seconds, run.reason,
    run.head_segment AS segment, run.segments, run.attempts, run.parent_run, run.parent_iteration,
    lower(hex(run.spec)) AS spec, lower(hex(run.dataset)) AS dataset,
    strftime('%Y-%m-%dT%H:%M:%fZ', run.created / 1e6, 'unixepoch') AS created,
    strftime('%Y-%m-%dT%H:%M:%fZ', run.ended / 1e6, 'unixepoch') AS ended
FROM run JOIN model ON model.id = run.model
    JOIN attempt ON attempt.run = run.id AND attempt.number = run.attempts;

-- view segments
CREATE VIEW segments AS
SELECT s.run, s.number AS segment, s.number = run.head_segment AS head, s.parent_run, s.parent_segment,
    s.first_iteration, s.first_iteration + s.iterations - 1 AS last_iteration, s.first_epoch, s.iterations, s.epochs,
    s.iterations_per_epoch, s.keyframes, strftime('%Y-%m-%dT%H:%M:%fZ', s.created / 1e6, 'unixepoch') AS created
FROM segment AS s JOIN run ON run.id = s.run;

-- view settings
CREATE VIEW settings AS
SELECT run, name, kind, number, text FROM setting;

-- view tags
CREATE VIEW tags AS
SELECT subject, CASE WHEN subject LIKE 'run:%' THEN CAST(substr(subject, 5) AS INTEGER) END AS run, name, value,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM tag;

-- view versions
CREATE VIEW versions AS
SELECT model.name AS model, version.number AS version, version.number IS model.current_version AS current,
    version.run, version.segment, version.iteration, version.epoch,
    (SELECT lower(hex(tensor)) FROM version_tensor AS t WHERE t.version = version.id AND t.name = 'parameters')
        AS weights_sha256,
    version.metrics, strftime('%Y-%m-%dT%H:%M:%fZ', version.created / 1e6, 'unixepoch') AS created
FROM version JOIN model ON model.id = version.model;

PRAGMA application_id = 1651536487;
PRAGMA user_version = 6;
PRAGMA page_size = 16384;
PRAGMA auto_vacuum = 2;
PRAGMA journal_mode = wal;
migration 1 V0001_registry 950fb6300e125544f65f75364c8a1f543acdbf5a97204cc4d638363b15ae050d
migration 2 V0002_history 7ca767f6323ba44a387a65657ac62868da0d0c563432855393f20280286a206c
migration 3 V0003_queries d2b5a9d59734775b10ef620e44ad4f9327addc6eeab689beba2b322e0f2aa7f4
migration 4 V0004_archives 7a887bf893ceccf141362a346c74b70e98a4b66d71da5a815499005bd94ee26e
migration 5 V0005_reading fdf601e11f016d97306bb597eb0770bde4bb90a41035d6a18cd6e849eacc68ef
migration 6 V0006_deletions 21da5ef300c26a112fc33624a7fe535d47045b6dd12eac7e99deb6bcd22b11fc
