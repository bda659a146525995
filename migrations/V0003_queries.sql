-- What the expressions of --where and --sort and people's own SQL need: indexes over names and lineage, and a view for
-- everything that people ask about. docs/schema.md and docs/query.md explain them.

-- Settings are written once: their index holds the values too, so that a search reads nothing else. Metrics change with
-- each commit: theirs holds the names alone.
CREATE INDEX setting_by_name ON setting (name, kind, run, number, text);
CREATE INDEX metric_by_name ON metric (name, run);
CREATE INDEX run_by_parent ON run (parent_run) WHERE parent_run IS NOT NULL;
CREATE INDEX run_without_end ON run (id) WHERE status IS NULL;
CREATE INDEX note_by_subject ON note (subject);

CREATE VIEW models AS
SELECT name AS model, current_version, versions, aliases, runs,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM model;

CREATE VIEW datasets AS
SELECT lower(hex(hash)) AS dataset, name, source_path AS source, rows, columns, bytes, stored,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM dataset WHERE complete = 1;

-- `number` is the value of a number, an integer or a truth value, `text` that of any.
CREATE VIEW settings AS
SELECT run, name, kind, number, text FROM setting;

CREATE VIEW metrics AS
SELECT run, name, last, best, min, max FROM metric;

-- `last_iteration` is the last that was recorded in the segment, whatever was rolled back of it since.
CREATE VIEW segments AS
SELECT s.run, s.number AS segment, s.number = run.head_segment AS head, s.parent_run, s.parent_segment,
    s.first_iteration, s.first_iteration + s.iterations - 1 AS last_iteration, s.first_epoch, s.iterations, s.epochs,
    s.iterations_per_epoch, s.keyframes, strftime('%Y-%m-%dT%H:%M:%fZ', s.created / 1e6, 'unixepoch') AS created
FROM segment AS s JOIN run ON run.id = s.run;

CREATE VIEW attempts AS
SELECT run, number AS attempt, segment, status, host, pid, threads, instruction_set, durability, keep, epoch_limit,
    first_iteration, last_iteration, strftime('%Y-%m-%dT%H:%M:%fZ', started / 1e6, 'unixepoch') AS started,
    strftime('%Y-%m-%dT%H:%M:%fZ', ended / 1e6, 'unixepoch') AS ended
FROM attempt;

CREATE VIEW keyframes AS
SELECT run, segment, iteration, epoch, kind, role, bytes,
    (SELECT lower(hex(tensor)) FROM keyframe_tensor AS t WHERE t.keyframe = keyframe.id AND t.name = 'parameters')
        AS weights_sha256,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM keyframe WHERE state = 'complete';

CREATE VIEW evaluations AS
SELECT e.run, e.segment, e.iteration, model.name AS model, version.number AS version, e.split, e.loss, e.scores,
    strftime('%Y-%m-%dT%H:%M:%fZ', e.created / 1e6, 'unixepoch') AS created
FROM evaluation AS e LEFT JOIN version ON version.id = e.version LEFT JOIN model ON model.id = version.model;

-- `run` is there where the subject is a run; a version's subject is `version:iris:3`.
CREATE VIEW tags AS
SELECT subject, CASE WHEN subject LIKE 'run:%' THEN CAST(substr(subject, 5) AS INTEGER) END AS run, name, value,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM tag;

CREATE VIEW notes AS
SELECT id AS note, subject, CASE WHEN subject LIKE 'run:%' THEN CAST(substr(subject, 5) AS INTEGER) END AS run, text,
    strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM note;

CREATE VIEW pins AS
SELECT run, segment, iteration, reason AS name, strftime('%Y-%m-%dT%H:%M:%fZ', created / 1e6, 'unixepoch') AS created
FROM pin;

CREATE VIEW aliases AS
SELECT model.name AS model, alias.name AS alias, alias.version,
    strftime('%Y-%m-%dT%H:%M:%fZ', alias.moved / 1e6, 'unixepoch') AS moved
FROM alias JOIN model ON model.id = alias.model;

CREATE VIEW events AS
SELECT id AS event, strftime('%Y-%m-%dT%H:%M:%fZ', at / 1e6, 'unixepoch') AS at, subject, kind, detail FROM event;

-- The runs that each fork descends from, its parent at distance 1.
CREATE VIEW ancestors (run, ancestor, distance) AS
WITH RECURSIVE up (run, ancestor, distance) AS (
    SELECT id, parent_run, 1 FROM run WHERE parent_run IS NOT NULL
    UNION
    SELECT up.run, run.parent_run, up.distance + 1
    FROM up JOIN run ON run.id = up.ancestor
    WHERE run.parent_run IS NOT NULL AND up.distance < 1000
)
SELECT run, ancestor, distance FROM up;

-- The parts of each line, as in the first schema, with the last epoch that each gives to it: an epoch whose end a
-- segment recorded after the line had left it belongs to the part that goes on from there, which recorded it too.
DROP VIEW epochs;
DROP VIEW line;

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

CREATE VIEW epochs AS
SELECT line.run, line.part_run, e.segment, e.epoch, e.iteration, e.loss, e.val_loss, e.val_score, e.seconds
FROM line JOIN epoch AS e ON e.run = line.part_run AND e.segment = line.segment
WHERE e.iteration <= line.last_iteration AND e.epoch <= line.last_epoch;
