-- schema:section no-transaction
VACUUM public.t;
