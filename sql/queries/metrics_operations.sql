-- SPDX-License-Identifier: Apache-2.0
-- Operations in flight and the age of the oldest queued one in milliseconds.
-- in_flight bigint, queue_age_ms bigint (0: none queued)
SELECT count(*) AS in_flight,
       coalesce(max((extract(epoch FROM now() - queued_at) * 1000)::bigint)
                FILTER (WHERE state = 'queued'), 0) AS queue_age_ms
  FROM operation WHERE state IN ('queued', 'running')
