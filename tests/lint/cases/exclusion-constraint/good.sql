CREATE TABLE public.new (r int4range, EXCLUDE USING gist (r WITH &&));
