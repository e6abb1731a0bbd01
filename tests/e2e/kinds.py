# SPDX-License-Identifier: Apache-2.0
"""All kinds."""
import metastore
import spark
import trino

ALL = (metastore.KIND, spark.KIND, trino.KIND)
