-- All sessions of an account but one.
DELETE FROM session WHERE account_uuid = $1 AND session_uuid IS DISTINCT FROM $2
