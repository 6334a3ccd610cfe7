CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint REFERENCES users ON DELETE CASCADE, amount integer,
    status text, parent_id bigint REFERENCES orders DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT orders_status_check CHECK (status IN ('new', 'paid', 'sent')),
    CONSTRAINT orders_amount_check CHECK (amount > 0));
COMMENT ON CONSTRAINT orders_amount_check ON orders IS 'something';
CREATE TABLE base (x integer CONSTRAINT small CHECK (x < 100), CONSTRAINT alone CHECK (x <> 7) NO INHERIT);
CREATE TABLE below (y integer) INHERITS (base);
CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders);
