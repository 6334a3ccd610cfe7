-- Rows, so that it can be seen who reads them.
INSERT INTO public.u SELECT i, 'u' FROM generate_series(1, 50) i;
INSERT INTO public.t (id, a, c, v, u) SELECT i, i, 'c', i::text, 1 + i % 50 FROM generate_series(1, 200) i;
INSERT INTO public.counter (name) SELECT 'n' FROM generate_series(1, 50);
INSERT INTO public.p SELECT i, '2026-05-05' FROM generate_series(1, 50) i;
INSERT INTO public.p_2 SELECT i, '2027-05-05' FROM generate_series(1, 50) i;
INSERT INTO public.keyless SELECT i, 'c' FROM generate_series(1, 50) i;
INSERT INTO public.secured SELECT i, 'nobody' FROM generate_series(1, 50) i;
REFRESH MATERIALIZED VIEW public.m;
