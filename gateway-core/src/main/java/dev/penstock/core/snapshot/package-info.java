/**
 * What is served now: an immutable snapshot, compiled on the control thread, read by every loop
 * through one volatile.
 */
@NullMarked
package dev.penstock.core.snapshot;

import org.jspecify.annotations.NullMarked;
