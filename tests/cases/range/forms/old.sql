CREATE TYPE floats AS RANGE (subtype = float8, multirange_type_name = floats_multirange, subtype_diff = float8mi);
CREATE TYPE texts AS RANGE (subtype = text, collation = "C", subtype_opclass = text_pattern_ops);
CREATE TYPE renamed AS RANGE (subtype = int, multirange_type_name = many_before);
CREATE TYPE gone AS RANGE (subtype = date);
CREATE TABLE t (f floats, fs floats[], m floats_multirange, x texts, EXCLUDE USING gist (f WITH &&));
COMMENT ON TYPE floats IS 'of floats';
