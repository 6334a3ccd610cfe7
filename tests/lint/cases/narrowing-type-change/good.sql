ALTER TABLE public.t ALTER COLUMN v TYPE varchar(20);
ALTER TABLE public.t ALTER COLUMN n TYPE numeric(12, 2);
