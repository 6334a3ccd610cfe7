-- file: 2_b/up.sql
CREATE TABLE public.new (id bigint);
