DELETE FROM public.counter WHERE id IN (SELECT id FROM public.counter WHERE name = 'old' LIMIT 1000);
