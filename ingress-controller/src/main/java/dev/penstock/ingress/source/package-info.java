/**
 * Where cluster objects come from. Every source turns what it reads into the same trimmed records
 * ({@link dev.penstock.ingress.source.ClusterView}) and tells the change loop.
 */
@NullMarked
package dev.penstock.ingress.source;

import org.jspecify.annotations.NullMarked;
