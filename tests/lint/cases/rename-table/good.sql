ALTER TABLE public.t RENAME TO t2;
CREATE VIEW public.t AS SELECT * FROM public.t2;
