CREATE TYPE money2 AS (currency text, amount numeric(12, 2));
CREATE TYPE entry AS (what text, price money2);
CREATE TABLE t (id int, price money2 NOT NULL DEFAULT ROW('EUR', 1)::money2, entry entry, prices money2[]);
CREATE INDEX t_amount ON t (((price).amount));
CREATE TABLE rowtype (a int, b text, c date);
CREATE TABLE uses_rowtype (r rowtype, rs rowtype[]);
