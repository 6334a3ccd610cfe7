-- The base type changes, so the domain is made anew; its constraint has another name in the same step.
CREATE DOMAIN amount AS integer CONSTRAINT positive CHECK (VALUE > 0);
COMMENT ON CONSTRAINT positive ON DOMAIN amount IS 'No debts';
CREATE TABLE payments (id integer, amount amount);
