SELECT l.oid, l.lanname::text, l.lanpltrusted,
       concat(format('HANDLER %s', l.lanplcallfoid::regproc),
              CASE WHEN l.laninline <> 0 THEN format(' INLINE %s', l.laninline::regproc) END,
              CASE WHEN l.lanvalidator <> 0 THEN format(' VALIDATOR %s', l.lanvalidator::regproc) END)
FROM pg_language l
WHERE l.oid >= 16384 AND l.lanispl
