-- min: 15
ALTER TABLE public.k1 SET ACCESS METHOD heap2;
