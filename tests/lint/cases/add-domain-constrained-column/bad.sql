ALTER TABLE public.t ADD COLUMN d public.mail;
