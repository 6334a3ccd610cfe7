-- not run: roles are the server's
CREATE ROLE root SUPERUSER;
ALTER ROLE app BYPASSRLS;
