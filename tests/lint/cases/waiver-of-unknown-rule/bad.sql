-- schema:allow drop-tabel: it was only ever a test
DROP TABLE public.k1;
