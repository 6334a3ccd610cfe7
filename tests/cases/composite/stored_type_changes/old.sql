CREATE TYPE money2 AS (amount int, currency text);
CREATE TYPE entry AS (what text, price money2);
CREATE TABLE t (id int, price money2 NOT NULL DEFAULT ROW(1, 'EUR')::money2, entry entry, prices money2[]);
CREATE INDEX t_amount ON t (((price).amount));
CREATE TABLE rowtype (a int, b text);
CREATE TABLE uses_rowtype (r rowtype, rs rowtype[]);
