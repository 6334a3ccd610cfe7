ALTER TABLE public.t ALTER COLUMN c TYPE varchar(5);
ALTER TABLE public.t ALTER COLUMN id TYPE integer;
