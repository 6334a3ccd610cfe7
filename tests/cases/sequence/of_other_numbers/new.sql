CREATE DOMAIN number AS bigint;
CREATE TABLE t (a text, b numeric(10,2), c number);
CREATE SEQUENCE t_a_seq OWNED BY t.a;
CREATE SEQUENCE t_b_seq OWNED BY t.b;
CREATE SEQUENCE t_c_seq OWNED BY t.c;
ALTER TABLE t ALTER COLUMN a SET DEFAULT nextval('t_a_seq'), ALTER COLUMN b SET DEFAULT nextval('t_b_seq'), ALTER COLUMN c SET DEFAULT nextval('t_c_seq');
