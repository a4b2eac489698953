/**
 * Benchmarks of the data plane's parts, each without sockets, by JMH. What they find is compared
 * with the budgets in {@code docs/performance.md}; none ever fails a build by its time.
 */
@NullMarked
package dev.penstock.micro;

import org.jspecify.annotations.NullMarked;
