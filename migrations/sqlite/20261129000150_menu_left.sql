-- Patients whose account of before may still be shown the rich menu of their language.
CREATE INDEX patients_menu_left ON patients (id) WHERE menu_done IS NOT NULL
    AND SUBSTR(menu_done, 1, LENGTH(COALESCE(line_user_id, '')) + 1) <> COALESCE(line_user_id, '') || ' ';
