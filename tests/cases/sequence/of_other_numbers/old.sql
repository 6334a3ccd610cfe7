CREATE DOMAIN number AS bigint;
CREATE TABLE t (a text, b numeric(10,2), c number);
