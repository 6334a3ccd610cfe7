CREATE DOMAIN amount AS bigint CONSTRAINT amount_positive CHECK (VALUE > 0);
COMMENT ON CONSTRAINT amount_positive ON DOMAIN amount IS 'No debts';
CREATE TABLE payments (id integer, amount amount);
