-- New members: none of them is there, as one server at a time writes here and has looked.
COPY target_member (group_no, cluster_id, minion_id, sure) FROM STDIN (FORMAT binary)
