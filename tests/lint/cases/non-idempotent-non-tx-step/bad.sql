-- schema:section no-transaction
ALTER TYPE public.status ADD VALUE 'closed' AFTER 'done';
-- schema:section no-transaction
INSERT INTO public.u VALUES (1000, 'x');
