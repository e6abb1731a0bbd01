-- SPDX-License-Identifier: Apache-2.0
-- $1 uuid: component; $2 integer: generation.
-- spec text
SELECT spec FROM component_spec WHERE component = $1 AND generation = $2
