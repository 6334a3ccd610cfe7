DROP INDEX public.t_c_idx;
