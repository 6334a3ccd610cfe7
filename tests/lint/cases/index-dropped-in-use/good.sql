-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_c_new ON public.t (c, a);
-- schema:section no-transaction
DROP INDEX CONCURRENTLY public.t_c_idx;
