REINDEX INDEX public.t_c_idx;
