/* SPDX-License-Identifier: Apache-2.0 */
package com.cloudcheflabs.dataroaster.hive;

import org.apache.spark.sql.hive.thriftserver.HiveThriftServer2;

/** The application of examples/spark-thrift-server.yaml, whose jar nobody has. */
public final class SparkThriftServerRunner {
	private SparkThriftServerRunner() {
	}

	public static void main(String[] args) throws InterruptedException {
		HiveThriftServer2.main(args);
		Thread.currentThread().join();
	}
}
