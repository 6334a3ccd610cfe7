ALTER TYPE public.status RENAME VALUE 'done' TO 'closed';
