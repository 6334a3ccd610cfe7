-- schema:section no-transaction
VACUUM FULL public.t;
-- schema:section
CLUSTER public.t USING t_pkey;
