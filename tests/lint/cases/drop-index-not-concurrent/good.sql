-- schema:section no-transaction
DROP INDEX CONCURRENTLY public.t_c_idx;
