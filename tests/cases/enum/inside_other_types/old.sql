CREATE TYPE level AS ENUM ('low', 'mid', 'high');
CREATE DOMAIN picky AS level CHECK (VALUE <> 'low') DEFAULT 'mid';
CREATE TYPE rated AS (what text, level level);
CREATE TYPE levels AS RANGE (subtype = level);
CREATE TABLE t (id int, p picky, r rated, rs rated[], span levels, l level DEFAULT 'low', ls level[] DEFAULT '{low,high}',
    CHECK (l <> 'high' OR id > 0));
CREATE INDEX t_l ON t (l) WHERE l > 'low';
COMMENT ON COLUMN rated.level IS 'how high';
COMMENT ON TYPE levels IS 'from to';
