/**
 * Numbers that one event loop writes and a scrape reads: without a lock, an atomic instruction or
 * an allocation.
 */
@NullMarked
package dev.penstock.core.meter;

import org.jspecify.annotations.NullMarked;
