CREATE TYPE public.status_new AS ENUM ('new', 'open', 'done', 'paused');
ALTER TABLE public.t ALTER COLUMN status DROP DEFAULT;
ALTER TABLE public.t ALTER COLUMN status TYPE public.status_new USING status::text::public.status_new;
