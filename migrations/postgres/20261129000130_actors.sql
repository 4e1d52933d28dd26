-- Who acts without a token is named by a code, which each language words.
UPDATE audit_log SET actor = 'this_computer' WHERE actor = 'This computer';
UPDATE audit_log SET actor = 'command_line' WHERE actor = 'Command line';
UPDATE audit_log SET actor = 'patient_by_code' WHERE actor = 'the patient, by a code';
UPDATE notes SET author = 'this_computer' WHERE author = 'This computer';
UPDATE worklist SET owner = 'this_computer' WHERE owner = 'This computer';
UPDATE worklist SET resolved_by = 'this_computer' WHERE resolved_by = 'This computer';
UPDATE strangers SET resolved_by = 'this_computer' WHERE resolved_by = 'This computer';
UPDATE sessions SET actor = 'this_computer' WHERE actor = 'This computer';
UPDATE settings SET value = REPLACE(value, '"This computer"', '"this_computer"') WHERE key = 'clinic';
