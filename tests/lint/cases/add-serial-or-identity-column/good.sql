ALTER TABLE public.t ADD COLUMN d bigint;
CREATE SEQUENCE public.t_d_seq OWNED BY public.t.d;
ALTER TABLE public.t ALTER COLUMN d SET DEFAULT nextval('public.t_d_seq');
