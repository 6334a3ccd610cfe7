-- not run: roles are the server's
ALTER ROLE app PASSWORD NULL;
