/**
 * The clients and backends of the load: each answer's status and body are judged, and every failure
 * is counted with its reason. Made for thousands of requests a second beside the gateway on few
 * cores.
 */
@NullMarked
package dev.penstock.scenarios.http;

import org.jspecify.annotations.NullMarked;
