-- Who bought most.
SELECT c.id, c.email, total(c.id) AS spent
FROM customers c
WHERE total(c.id) > 0;
