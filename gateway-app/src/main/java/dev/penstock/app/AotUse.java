package dev.penstock.app;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the JVM took the AOT cache that the launcher offered. It is silent about it, because its
 * own words would be several lines at each start with other options.
 */
final class AotUse {
  private static final Logger LOG = LoggerFactory.getLogger(AotUse.class);

  private AotUse() {}

  /** Says it when a cache is offered and not used: the start takes three times as long. */
  static void report() {
    String cache = System.getProperty("penstock.aot-cache");
    if (cache == null || inUse()) return;
    LOG.warn(
        "The AOT cache {} does not fit this JVM, its options or the jars: the start takes longer;"
            + " PENSTOCK_JAVA_OPTS=-Xlog:aot:stderr says why",
        cache);
  }

  /** The JVM shares classes from nothing but an archive: no cache, no sharing. */
  static boolean inUse() {
    return System.getProperty("java.vm.info", "").contains("sharing");
  }
}
