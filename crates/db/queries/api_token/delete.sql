DELETE FROM api_token WHERE token_uuid = $1
