CREATE COLLATION loud (provider = icu, locale = 'en-US');
CREATE COLLATION gone (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
CREATE COLLATION plain (provider = libc, locale = 'C');
CREATE DOMAIN word AS text COLLATE loud;
CREATE TABLE t (id int, a text COLLATE loud DEFAULT 'x', b varchar(20) COLLATE loud UNIQUE, w word, CHECK (a < 'x' COLLATE loud));
CREATE INDEX t_a ON t (a);
CREATE INDEX t_c ON t (lower(a) COLLATE loud);
COMMENT ON COLLATION loud IS 'english';
