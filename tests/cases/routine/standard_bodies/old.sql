CREATE TABLE items (id int PRIMARY KEY, price numeric, old_price numeric);
CREATE FUNCTION price_of(item int) RETURNS numeric LANGUAGE sql STABLE
    BEGIN ATOMIC SELECT i.old_price FROM items i WHERE i.id = item; END;
CREATE FUNCTION twice(n int) RETURNS int RETURN n * 2;
CREATE PROCEDURE raise(item int) LANGUAGE sql
    BEGIN ATOMIC UPDATE items SET price = price + 1 WHERE id = item; INSERT INTO items VALUES (item + 1); END;
