-- not run: roles are the server's
CREATE ROLE app LOGIN NOSUPERUSER;
