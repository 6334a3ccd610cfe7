CREATE TYPE public.color AS ENUM ('red');
ALTER TYPE public.color ADD VALUE 'green' AFTER 'red';
