CREATE UNLOGGED TABLE public.new (id bigint);
