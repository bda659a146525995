-- How the data of a run were read from their file. docs/schema.md explains it.

-- JSON: the version of the reading rules, the file, its format and its labels. NULL in a run that an older bpreg recorded,
-- whose data were read by rules 1.
ALTER TABLE run ADD COLUMN reading TEXT;
