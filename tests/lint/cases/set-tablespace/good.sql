CREATE TABLE public.new (id bigint) TABLESPACE pg_default;
