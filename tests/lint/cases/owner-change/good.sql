CREATE TABLE public.new (id bigint);
ALTER TABLE public.new OWNER TO CURRENT_USER;
