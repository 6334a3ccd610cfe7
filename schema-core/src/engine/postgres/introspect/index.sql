-- What comes before the table's name is cut off by its exact length.
SELECT i.indexrelid, i.indrelid, c.relname::text, i.indisunique,
       substr(pg_get_indexdef(i.indexrelid),
              length(format('CREATE %sINDEX %I ON ', CASE WHEN i.indisunique THEN 'UNIQUE ' END, c.relname)) + 1),
       (i.indkey::int2[])[0:i.indnkeyatts - 1],
       array_remove(ARRAY[
           CASE WHEN i.indisclustered THEN 'clustered index' END,
           CASE WHEN NOT i.indisvalid THEN 'invalid index' END,
           CASE WHEN c.reltablespace <> 0 THEN 'tablespace' END], NULL)
FROM pg_index i
JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = ANY (:namespaces)
  AND NOT EXISTS (SELECT FROM pg_constraint o
                  WHERE o.conindid = i.indexrelid AND o.conrelid = i.indrelid AND o.contype IN ('p', 'u', 'x'))
