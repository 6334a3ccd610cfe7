-- schema:section no-transaction
DROP INDEX CONCURRENTLY public.t_c_idx;
-- schema:section no-transaction
CREATE INDEX CONCURRENTLY t_c_idx ON public.t (c, a);
