CREATE FUNCTION log_ddl() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE DEBUG '%', tg_tag; END $$;
CREATE EVENT TRIGGER kept ON ddl_command_end EXECUTE FUNCTION log_ddl();
CREATE EVENT TRIGGER tagged ON ddl_command_start WHEN TAG IN ('DROP TABLE', 'DROP INDEX') EXECUTE FUNCTION log_ddl();
CREATE EVENT TRIGGER gone ON table_rewrite EXECUTE FUNCTION log_ddl();
COMMENT ON EVENT TRIGGER tagged IS 'Some of them';
