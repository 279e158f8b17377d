SELECT record FROM dead_letter WHERE dead_letter_id = $1
