-- schema:allow drop-table
DROP TABLE public.k1;
