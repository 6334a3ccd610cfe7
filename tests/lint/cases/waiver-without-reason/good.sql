-- schema:allow drop-table: it was only ever a test
DROP TABLE public.k1;
