SELECT number, hash FROM audit_head FOR UPDATE
