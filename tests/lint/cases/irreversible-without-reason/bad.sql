-- file: 2_b/up.sql
ALTER TABLE public.u DROP COLUMN name;
-- file: 2_b/down.sql
-- schema:irreversible
