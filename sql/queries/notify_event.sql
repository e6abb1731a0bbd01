-- SPDX-License-Identifier: Apache-2.0
-- Tell the API that a component moved; in a transaction of its own.
-- $1 text: component id.
SELECT pg_notify('roaster_event', $1)
