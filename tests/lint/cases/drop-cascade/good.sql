DROP VIEW public.w;
ALTER TABLE public.u DROP COLUMN name;
