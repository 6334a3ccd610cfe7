-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_c_new ON public.t (c, a);
-- schema:section no-transaction
DROP INDEX CONCURRENTLY public.t_c_idx;
-- schema:section
ALTER INDEX public.t_c_new RENAME TO t_c_idx;
