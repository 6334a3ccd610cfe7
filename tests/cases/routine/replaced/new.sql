CREATE TABLE invoices (id int PRIMARY KEY, net numeric NOT NULL, gross numeric);
CREATE FUNCTION tax(amount numeric) RETURNS numeric LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 5 AS $$
    SELECT amount * 0.2 -- "it's" more
$$;
CREATE FUNCTION unnamed(value integer DEFAULT 1) RETURNS integer LANGUAGE sql IMMUTABLE STRICT AS 'SELECT $1 + 1';
CREATE FUNCTION note(message text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
    SET work_mem TO '8MB' AS $$ BEGIN RAISE NOTICE '$function$ %', message; END $$;
CREATE FUNCTION pair(OUT a int, OUT b int) LANGUAGE plpgsql STABLE LEAKPROOF AS 'BEGIN a := 1; b := 3; END';
CREATE PROCEDURE settle(invoice int) LANGUAGE plpgsql AS $$ BEGIN UPDATE invoices SET gross = tax(net); END $$;
CREATE FUNCTION ranked() RETURNS bigint LANGUAGE internal WINDOW IMMUTABLE AS 'window_rank';
CREATE INDEX ON invoices (tax(net));
ALTER TABLE invoices ADD CHECK (tax(net) < 1000), ADD twice numeric GENERATED ALWAYS AS (tax(net) * 2) STORED;
COMMENT ON FUNCTION tax(numeric) IS 'The usual tax';
COMMENT ON PROCEDURE settle(int) IS 'Takes the tax along';
