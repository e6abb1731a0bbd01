-- SPDX-License-Identifier: Apache-2.0
-- $1 uuid: component; $2 integer: generation.
-- pointer text, sealed bytea (hex form), digest text (hex digits)
SELECT pointer, sealed, encode(digest, 'hex') AS digest
  FROM component_secret WHERE component = $1 AND generation = $2 ORDER BY pointer
