-- SPDX-License-Identifier: Apache-2.0
-- $1 text: UID of kube-system.
-- uid text: the one that belongs to this database
SELECT apply_cluster($1) AS uid
