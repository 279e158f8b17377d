-- Every group, and whether its members are kept.
SELECT number, version, resolved = version AS resolved FROM target_group ORDER BY number
