-- schema:section no-transaction
REINDEX INDEX CONCURRENTLY public.t_c_idx;
