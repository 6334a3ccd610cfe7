-- file: 2_b/up.sql
CREATE TABLE public.new (id bigint);
-- file: 2_b/down.sql
DROP TABLE public.new;
-- file: 3_c/up.sql
ALTER TABLE public.u DROP COLUMN name;
-- file: 3_c/down.sql
-- schema:irreversible the names are gone
