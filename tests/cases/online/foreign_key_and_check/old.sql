CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, amount integer, status text,
    CONSTRAINT orders_status_check CHECK (status IN ('new', 'paid')));
CREATE TABLE base (x integer);
CREATE TABLE below (y integer) INHERITS (base);
